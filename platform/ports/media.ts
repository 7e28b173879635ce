/** A server between cameras and whoever watches them: it takes each camera's stream once, while somebody wants it. */
export interface MediaServer {
  /** Whether it can take streams of this kind. */
  takes(source: string): boolean
  /** Source by camera, of the paths that Sentinel made: whole, with credentials. */
  paths(): Promise<ReadonlyMap<string, string>>
  /** Makes the camera's path, or gives it another source. */
  put(camera: string, source: string): Promise<void>
  /** One that is not there is removed already. */
  remove(camera: string): Promise<void>
  /** What is read in place of the camera: may hold credentials and goes nowhere but to the video port. */
  streamOf(camera: string): string
  /** Whether browsers may play streams from here, as low-latency HLS. */
  readonly offersHls: boolean
  /**
   * A file of the camera's stream as HLS, from `index.m3u8` on, whose playlists name the others beside it. The answer may be
   * long in coming: a playlist or a part is waited for until it is there.
   *
   * @param query of the address, without `?`.
   * @throws SentinelError `NOT_FOUND` while there is no such stream or file, `SERVER_UNAVAILABLE`, `CONFIGURATION_INVALID`
   */
  hls(camera: string, file: string, query: string, signal: AbortSignal): Promise<HlsFile>
}

export interface HlsFile {
  readonly type: string
  readonly body: ReadableStream<Uint8Array>
}
