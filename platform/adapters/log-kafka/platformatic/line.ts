import { isIP } from 'node:net'
import { type API, Connection, type SASLMechanismValue } from '@platformatic/kafka'
import { NO_ANSWER } from '../failure.ts'
import type { Address, Security } from '../wire.ts'
import { failureOf } from './failure.ts'

const CONNECT_WITHIN_MS = 10_000
export const ANSWER_WITHIN_MS = 30_000
/** Beyond every deadline of ours: a connection is of no use after the package's own. */
const NEVER_MS = 3_600_000
const REQUESTS_AT_ONCE = 5

/** One version of one of the protocol's requests, as the package has it. */
interface Version<Request extends unknown[], Answer> {
  readonly api: API<Request, Answer>
}

/** One connection, with a deadline for each answer: after an answer is missing it is never used again. */
export class Line {
  readonly #connection: Connection

  private constructor(connection: Connection) {
    this.#connection = connection
  }

  /** @throws KafkaFailure */
  static async open({ host, port }: Address, { clientId, tls, sasl }: Security): Promise<Line> {
    const connection = new Connection(clientId, {
      connectTimeout: CONNECT_WITHIN_MS,
      requestTimeout: NEVER_MS,
      maxInflights: REQUESTS_AT_ONCE,
      ...(tls && { tls, tlsServerName: isIP(host) ? false : host }),
      ...(sasl && { sasl: { ...sasl, mechanism: sasl.mechanism.toUpperCase() as SASLMechanismValue } }),
    })
    // Whoever waits for an answer is told; without a listener the process would end.
    connection.on('error', () => {})
    const line = new Line(connection)
    try {
      await connection.connect(host, port)
      return line
    } catch (error) {
      line.close()
      throw failureOf(error)
    }
  }

  get isOpen(): boolean {
    const { status } = this.#connection
    return status === 'connected' || status === 'reauthenticating'
  }

  /** @throws KafkaFailure */
  async ask<Request extends unknown[], Answer>(
    { api }: Version<Request, Answer>,
    request: NoInfer<Request>,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<Answer> {
    const timer = setTimeout(() => this.close(), withinMs)
    try {
      return await api.async(this.#connection, ...request)
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind === NO_ANSWER) this.close()
      throw failure
    } finally {
      clearTimeout(timer)
    }
  }

  /** At once: whoever waits for an answer gets none. */
  close(): void {
    // The package's own way ends its timers, and waits for what is still to be written.
    this.#connection.close().catch(() => {})
    this.#connection.socket?.destroy()
  }
}
