/** Pictures of one camera that may be on their way to one client. */
const IN_FLIGHT = 2

/** What one client is sent of one camera: at most two on their way, then the newest when one has been drawn. */
export class Flow<Message> {
  readonly #inFlight = new Set<string>()
  #waiting: { readonly id: string; readonly message: Message } | undefined

  /** @returns what to send now; `replaced` when a picture that waited gave way. */
  offer(id: string, message: Message): { send?: Message; replaced: boolean } {
    if (this.#inFlight.size < IN_FLIGHT) {
      this.#inFlight.add(id)
      return { send: message, replaced: false }
    }
    const replaced = this.#waiting !== undefined
    this.#waiting = { id, message }
    return { replaced }
  }

  /** @returns what may follow the picture that was drawn. */
  acknowledge(id: string): Message | undefined {
    if (!this.#inFlight.delete(id) || !this.#waiting) return undefined
    const { id: next, message } = this.#waiting
    this.#waiting = undefined
    this.#inFlight.add(next)
    return message
  }
}
