import type { VideoPacket } from '../../ports/video.ts'

type Listener = (packet: VideoPacket) => void
type Want = (isWanted: boolean) => void

/** Who follows which camera, and the stream of each that is open: its packets are sent only while somebody listens. */
export class Followers {
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #streams = new Map<string, Want>()

  /** @returns ends it. */
  follow(camera: string, listener: Listener): () => void {
    const hear = fromKeyFrame(listener)
    const listeners = this.#listeners.get(camera) ?? new Set()
    this.#listeners.set(camera, listeners.add(hear))
    if (listeners.size === 1) this.#streams.get(camera)?.(true)
    return () => {
      if (!listeners.delete(hear) || listeners.size > 0) return
      this.#listeners.delete(camera)
      this.#streams.get(camera)?.(false)
    }
  }

  /** Of two streams of a camera the newer one is followed. @returns to be called when the stream ends. */
  opened(camera: string | undefined, want: Want): () => void {
    if (camera === undefined) return () => {}
    this.#streams.get(camera)?.(false)
    this.#streams.set(camera, want)
    if (this.#listeners.has(camera)) want(true)
    return () => {
      if (this.#streams.get(camera) === want) this.#streams.delete(camera)
    }
  }

  tell(camera: string | undefined, packet: VideoPacket): void {
    if (camera !== undefined) for (const listener of this.#listeners.get(camera) ?? []) listener(packet)
  }
}

/** For who begins to follow while others already do. */
function fromKeyFrame(listener: Listener): Listener {
  let hasBegun = false
  return (packet) => {
    hasBegun ||= packet.codec !== undefined
    if (hasBegun) listener(packet)
  }
}
