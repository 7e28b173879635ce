import type { PictureHeader } from './protocol.ts'

/** Half a minute at five a second, and a bound on the memory of a camera that is faster. */
const MOST = 150
const MOST_BYTES = 32 * 1024 * 1024

export interface Recorded {
  readonly header: PictureHeader
  readonly jpeg: Uint8Array<ArrayBuffer>
}

/** The last pictures of one camera, as they came. Nothing is taken in while it is paused. */
export class Recorder {
  #pictures: Recorded[] = []
  #bytes = 0
  /** Of the picture that is shown while paused. */
  #at = -1
  #isPaused = false

  get isPaused(): boolean {
    return this.#isPaused
  }

  take(header: PictureHeader, jpeg: Uint8Array<ArrayBuffer>): void {
    if (this.#isPaused) return
    this.#pictures.push({ header, jpeg })
    this.#bytes += jpeg.length
    while (this.#pictures.length > MOST || this.#bytes > MOST_BYTES) this.#bytes -= this.#pictures.shift()!.jpeg.length
  }

  pause(isPaused: boolean): void {
    this.#isPaused = isPaused
    this.#at = this.#pictures.length - 1
  }

  /** The picture that is shown while paused, else the newest. */
  get current(): Recorded | undefined {
    return this.#isPaused ? this.#pictures[this.#at] : this.#pictures.at(-1)
  }

  /** @returns the picture to show and how many newer ones there are; undefined when nothing has been recorded. */
  step(by: number): (Recorded & { readonly behind: number }) | undefined {
    const last = this.#pictures.length - 1
    this.#at = Math.min(last, Math.max(0, this.#at + by))
    const picture = this.#pictures[this.#at]
    return picture && { ...picture, behind: last - this.#at }
  }
}
