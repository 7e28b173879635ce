import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'minio'
import { z } from 'zod'
import { codeOf, messageOf, SentinelError } from '../errors.ts'
import { BUCKETS, type Bucket, type ObjectInfo, type ObjectStore } from '../ports/objects.ts'
import { isObjectKey, mustBeObjectKey } from './object-keys.ts'

/** Larger objects go up in parts of this size, each tried again by itself. */
const PART_BYTES = 16 * 1024 * 1024
const ATTEMPTS = 4
const FIRST_BACKOFF_MS = 100
/** Without an answer for so long, and a second for each MiB, a request counts as failed. */
const TIMEOUT_MS = 15_000
const BYTES_PER_MS = 1024
/** Of the whole object, which an ETag is not for one that went up in parts. */
const DIGEST = 'sentinel-sha256'
/** No key may begin with a dot: no object of Sentinel is ever called so. */
const PROBE = '.probe'

const MISSING = new Set(['NoSuchKey', 'NotFound', 'NoSuchBucket'])
const NO_LIFECYCLE = new Set(['NotImplemented', 'MethodNotAllowed', 'XNotImplemented'])
const PASSING = new Set(['InternalError', 'SlowDown', 'ServiceUnavailable', 'RequestTimeout', 'OperationAborted'])

const Query = z.strictObject({
  ssl: z.enum(['true', 'false'], 'ssl is true or false').default('true'),
  region: z.string().default('us-east-1'),
  /** Before the names of the buckets, which the customers of a public cloud share. */
  prefix: z
    .string()
    .regex(/^[a-z0-9-]*$/, 'prefix has small letters, digits and "-" only')
    .default(''),
})

export interface MadeBuckets {
  readonly made: readonly string[]
  /** Those of a server without lifecycle rules. */
  readonly untidied: readonly string[]
}

/** Objects in any S3 server: one bucket each for models, clips and datasets. */
export class S3Objects implements ObjectStore {
  readonly #client: Client
  readonly #prefix: string
  readonly #region: string

  /**
   * @param url `s3://KEY:SECRET@host[:port][/?ssl=false&region=…&prefix=…]`, key and secret percent-encoded.
   * @throws Error that says what is wrong with the URL, without the credentials.
   */
  constructor(url: string) {
    const [, key, secret, host, port, search] =
      /^s3:\/\/([^:@/?]+):([^@/?]+)@([A-Za-z0-9.-]+)(?::(\d+))?\/?(?:\?(.*))?$/i.exec(url) ?? []
    if (!key || !secret || !host)
      throw new Error('it has the form s3://KEY:SECRET@host:port/?ssl=true&region=us-east-1')
    const { data, error } = Query.safeParse(Object.fromEntries(new URLSearchParams(search ?? '')))
    if (!data) throw new Error(error.issues.map(({ message }) => message).join('; '))
    this.#prefix = data.prefix
    this.#region = data.region
    this.#client = new Client({
      endPoint: host,
      ...(port && { port: Number(port) }),
      useSSL: data.ssl === 'true',
      accessKey: decodeURIComponent(key),
      secretKey: decodeURIComponent(secret),
      region: data.region,
      partSize: PART_BYTES,
      // It is tried again here, where it is known what may be.
      retryOptions: { disableRetry: true },
    })
  }

  /** Makes the buckets that are missing, and has the server drop the parts of uploads that never ended. */
  async makeBuckets(): Promise<MadeBuckets> {
    const made: string[] = []
    const untidied: string[] = []
    for (const bucket of BUCKETS) {
      const name = this.#prefix + bucket
      if (!(await attempts(() => this.#client.bucketExists(name)))) {
        await attempts(() => this.#client.makeBucket(name, this.#region))
        made.push(name)
      }
      if (!(await this.#dropUnfinished(name))) untidied.push(name)
    }
    return { made, untidied }
  }

  async put(bucket: Bucket, key: string, body: Uint8Array): Promise<void> {
    mustBeObjectKey(key)
    await attempts(() => this.#put(bucket, key, body), body.length)
  }

  /** One attempt: after a failure nobody knows whether the object is this one's or another's. */
  async putIfAbsent(bucket: Bucket, key: string, body: Uint8Array): Promise<boolean> {
    mustBeObjectKey(key)
    try {
      await within(this.#put(bucket, key, body, { 'If-None-Match': '*' }), body.length)
      return true
    } catch (error) {
      if (isTaken(error)) return false
      throw unavailable(error)
    }
  }

  async get(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
    mustBeObjectKey(key)
    return unlessMissing(async () => {
      const stream = await this.#client.getObject(this.#prefix + bucket, key)
      const { headers } = stream as unknown as { headers?: Record<string, string> }
      const body = await buffer(stream)
      const digest = headers?.[`x-amz-meta-${DIGEST}`]
      if (digest && digest !== sha256(body)) throw new Error(`${key} arrived other than it was put`)
      return body
    })
  }

  async head(bucket: Bucket, key: string): Promise<ObjectInfo | undefined> {
    mustBeObjectKey(key)
    return unlessMissing(async () => {
      const { size, lastModified } = await this.#client.statObject(this.#prefix + bucket, key)
      return { key, bytes: size, modifiedAt: lastModified.getTime() }
    })
  }

  async *list(bucket: Bucket, prefix: string): AsyncGenerator<ObjectInfo> {
    try {
      for await (const item of this.#client.listObjectsV2(this.#prefix + bucket, prefix, true)) {
        const { name, size, lastModified } = item as { name?: string; size: number; lastModified: Date }
        if (name && isObjectKey(name)) yield { key: name, bytes: size, modifiedAt: lastModified.getTime() }
      }
    } catch (error) {
      throw unavailable(error)
    }
  }

  async delete(bucket: Bucket, key: string): Promise<void> {
    mustBeObjectKey(key)
    await unlessMissing(() => this.#client.removeObject(this.#prefix + bucket, key))
  }

  /** A URL at which whoever has it, a browser say, gets the object for so many seconds. */
  async link(bucket: Bucket, key: string, seconds: number): Promise<string> {
    mustBeObjectKey(key)
    return attempts(() => this.#client.presignedGetObject(this.#prefix + bucket, key, seconds))
  }

  async check(): Promise<void> {
    for (const bucket of BUCKETS) {
      await this.#put(bucket, PROBE, new Uint8Array()).catch((error: unknown) => {
        const missing = `Bucket ${this.#prefix + bucket} is missing. Make it: sentinel buckets apply.`
        if (codeOf(error) !== 'NoSuchBucket') throw unavailable(error)
        throw new SentinelError('OBJECTS_UNAVAILABLE', missing, { cause: error })
      })
      await attempts(() => this.#client.removeObject(this.#prefix + bucket, PROBE))
    }
  }

  /** False where the server has no lifecycle rules. */
  async #dropUnfinished(name: string): Promise<boolean> {
    const rule = {
      ID: 'sentinel-unfinished-uploads',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    }
    try {
      await within(this.#client.setBucketLifecycle(name, { Rule: [rule] }), 0)
      return true
    } catch (error) {
      if (NO_LIFECYCLE.has(codeOf(error) ?? '')) return false
      throw unavailable(error)
    }
  }

  async #put(bucket: Bucket, key: string, body: Uint8Array, conditions: Record<string, string> = {}): Promise<void> {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    const metadata = { ...conditions, [`X-Amz-Meta-${DIGEST}`]: sha256(bytes) }
    await this.#client.putObject(this.#prefix + bucket, key, bytes, bytes.length, metadata)
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @throws SentinelError `OBJECTS_UNAVAILABLE` after the last of a few attempts. */
async function attempts<T>(work: () => Promise<T>, bytes = 0): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(work(), bytes)
    } catch (error) {
      if (attempt >= ATTEMPTS || !mayPass(error)) throw unavailable(error)
      await sleep(Math.random() * FIRST_BACKOFF_MS * 2 ** attempt)
    }
  }
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  return attempts(() =>
    work().catch((error: unknown) => {
      if (MISSING.has(codeOf(error) ?? '')) return undefined
      throw error
    }),
  )
}

async function within<T>(work: Promise<T>, bytes: number): Promise<T> {
  const over = new AbortController()
  const ms = TIMEOUT_MS + bytes / BYTES_PER_MS
  const late = sleep(ms, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Error(`no answer for ${Math.round(ms / 1000)} s`)),
    () => new Promise<never>(() => {}),
  )
  try {
    return await Promise.race([work, late])
  } finally {
    over.abort()
  }
}

/** What S3 answers with a code of its own is final, but for a few; what broke on the way may pass. */
function mayPass(error: unknown): boolean {
  const { name } = error as { name?: string }
  return name !== 'S3Error' || PASSING.has(codeOf(error) ?? '')
}

function isTaken(error: unknown): boolean {
  return ['PreconditionFailed', 'ConditionalRequestConflict'].includes(codeOf(error) ?? '')
}

function unavailable(cause: unknown): SentinelError {
  return new SentinelError('OBJECTS_UNAVAILABLE', `The object store cannot be used: ${messageOf(cause)}`, { cause })
}
