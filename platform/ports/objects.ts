export const BUCKETS = ['sentinel-models', 'sentinel-clips', 'sentinel-datasets'] as const
export type Bucket = (typeof BUCKETS)[number]

export interface ObjectInfo {
  readonly key: string
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number
}

/** Whole objects by bucket and key. Keys are `/`-separated names of letters, digits, `.`, `_` and `-`. */
export interface ObjectStore {
  /** Atomic: a reader sees the old object or the new one, never half. */
  put(bucket: Bucket, key: string, body: Uint8Array): Promise<void>
  /** Creates the object only where none is; false when there was one. */
  putIfAbsent(bucket: Bucket, key: string, body: Uint8Array): Promise<boolean>
  /** Undefined when there is none. */
  get(bucket: Bucket, key: string): Promise<Uint8Array | undefined>
  head(bucket: Bucket, key: string): Promise<ObjectInfo | undefined>
  /** In order of key. */
  list(bucket: Bucket, prefix: string): AsyncIterable<ObjectInfo>
  /** No error when there is none. */
  delete(bucket: Bucket, key: string): Promise<void>
  /** Whether it works now, for writing too. @throws SentinelError `OBJECTS_UNAVAILABLE` */
  check(): Promise<void>
}
