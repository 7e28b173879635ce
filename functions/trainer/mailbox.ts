/** Work that tells how far it is while it goes on: its messages one after another, then its result. */
export class Mailbox<Message, Result> implements AsyncIterable<Message> {
  readonly result: Promise<Result>
  readonly #stop = new AbortController()
  readonly #messages: Message[] = []
  #isDone = false
  #wake: () => void = () => {}

  constructor(
    signal: AbortSignal,
    work: (signal: AbortSignal, onMessage: (message: Message) => void) => Promise<Result>,
  ) {
    const onMessage = (message: Message): void => {
      this.#messages.push(message)
      this.#wake()
    }
    this.result = work(AbortSignal.any([signal, this.#stop.signal]), onMessage).finally(() => {
      this.#isDone = true
      this.#wake()
    })
    // Whoever reads the messages to their end asks for the result then.
    this.result.catch(() => {})
  }

  abort(reason: Error): void {
    this.#stop.abort(reason)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Message> {
    try {
      while (true) {
        const message = this.#messages.shift()
        if (message !== undefined) yield message
        else if (this.#isDone) return
        else await this.#more()
      }
    } finally {
      this.abort(new Error('Nobody waits for it any more'))
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
