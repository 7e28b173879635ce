/** Pictures of one camera that may be on their way to one client. */
const IN_FLIGHT = 2

/** Share of the interval that a picture may come early: cameras do not tick exactly. */
const EARLY = 0.9

export interface Picture {
  readonly id: string
  /** µs since the epoch. */
  readonly capturedAt: number
  readonly message: Buffer
}

/** What one client is sent of one camera: at most two on their way, then the newest when one has been drawn. */
export class Flow {
  readonly #inFlight = new Set<string>()
  #waiting: Picture | undefined
  #lastCapturedAt = Number.NEGATIVE_INFINITY

  /**
   * @param minIntervalMs between the captures of pictures that this client wants.
   * @returns what to send now; `replaced` when a picture that waited gave way.
   */
  offer(picture: Picture, minIntervalMs: number): { readonly send?: Picture; readonly replaced: boolean } {
    const sinceMs = Math.abs(picture.capturedAt - this.#lastCapturedAt) / 1000
    if (sinceMs < minIntervalMs * EARLY) return { replaced: false }
    const replaced = this.#waiting !== undefined
    const hasRoom = this.#inFlight.size < IN_FLIGHT
    this.#waiting = hasRoom ? undefined : picture
    return hasRoom ? { send: this.#sent(picture), replaced } : { replaced }
  }

  /** That picture has been drawn. */
  acknowledge(id: string): void {
    this.#inFlight.delete(id)
  }

  /** @returns the picture that waits, once there is room for it. */
  next(): Picture | undefined {
    if (!this.#waiting || this.#inFlight.size >= IN_FLIGHT) return undefined
    const next = this.#waiting
    this.#waiting = undefined
    return this.#sent(next)
  }

  #sent(picture: Picture): Picture {
    this.#inFlight.add(picture.id)
    this.#lastCapturedAt = picture.capturedAt
    return picture
  }
}
