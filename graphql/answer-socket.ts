import type { FormattedExecutionResult } from 'graphql'
import { WebSocket } from 'ws'

/** No answer has a part of this name: names of GraphQL are letters, digits and underscores. */
const STAND_IN = /"payload":\{"\$":(\d+)\}\}$/

const texts = new WeakMap<object, string>()

type Data = Parameters<WebSocket['send']>[0]
type OnSent = (error?: Error) => void
type Options = Parameters<WebSocket['send']>[1]

/**
 * A socket to a subscriber. An answer that many are given is written as JSON once: graphql-ws, which writes each message by
 * itself, is given a stand-in, in whose place the answer is put when the message goes out.
 */
export class AnswerSocket extends WebSocket {
  readonly #held = new Map<number, string>()
  #count = 0

  /** @returns what to send in its place; undefined for one with errors, which are written one by one. */
  standInFor(answer: { readonly errors?: readonly unknown[] | undefined }): FormattedExecutionResult | undefined {
    if (answer.errors) return undefined
    const text = texts.get(answer) ?? JSON.stringify(answer)
    texts.set(answer, text)
    this.#held.set(++this.#count, text)
    return { $: this.#count } as FormattedExecutionResult
  }

  override send(data: Data, onSent?: OnSent): void
  override send(data: Data, options: Options, onSent?: OnSent): void
  override send(data: Data, ...rest: unknown[]): void {
    super.send(typeof data === 'string' ? this.#filled(data) : data, ...(rest as [OnSent]))
  }

  #filled(message: string): string {
    const found = STAND_IN.exec(message)
    const text = found && this.#held.get(Number(found[1]))
    if (!found || text === undefined || text === null) return message
    this.#held.delete(Number(found[1]))
    return `${message.slice(0, found.index)}"payload":${text}}`
  }
}
