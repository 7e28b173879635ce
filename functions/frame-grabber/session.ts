import type { OfflineReason } from '../../platform/events/camera.ts'
import type { StreamEvent, Video } from '../../platform/ports/video.ts'

type Source = Parameters<Video['open']>[0]

/** A camera's open stream, which outlives the lease that opened it: the next lease takes it over. */
export class Session {
  readonly revision: number
  readonly fps: number
  /** Failures since the last picture. */
  failures = 0
  /** When the next attempt starts, milliseconds since the epoch. */
  retryAt = 0
  reported: { readonly reason: OfflineReason; readonly at: number } | undefined
  #stream: AsyncIterator<StreamEvent> | undefined
  #abort = new AbortController()
  #next: Promise<IteratorResult<StreamEvent>> | undefined
  #holders = 0

  constructor(revision: number, fps: number) {
    this.revision = revision
    this.fps = fps
  }

  get isOpen(): boolean {
    return this.#stream !== undefined
  }

  open(video: Video, source: Source): void {
    this.#abort = new AbortController()
    this.#stream = video.open(source, this.#abort.signal)[Symbol.asyncIterator]()
  }

  /** The next event, or undefined once `ended`; an event that comes later stays for the next who asks. */
  async next(ended: AbortSignal): Promise<StreamEvent | undefined> {
    this.#next ??= this.#stream!.next()
    const result = await unlessAborted(this.#next, ended)
    if (!result) return undefined
    this.#next = undefined
    if (result.done || result.value.kind === 'closed') this.#stream = undefined
    return result.done ? undefined : result.value
  }

  hold(): void {
    this.#holders++
  }

  /** @returns whether nobody holds it any more. */
  letGo(): boolean {
    return --this.#holders === 0
  }

  get isHeld(): boolean {
    return this.#holders > 0
  }

  close(): void {
    this.#abort.abort()
    void this.#stream?.return?.()
    this.#stream = undefined
    this.#next = undefined
  }
}

/** Leaves nothing behind at the signal, which lives as long as a lease. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const onAbort = (): void => resolve(undefined)
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
