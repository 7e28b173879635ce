import type { IncomingMessage, ServerResponse } from 'node:http'
import { codeOf, messageOf, SentinelError } from '../../errors.ts'
import { fromRecord, type WireRecord } from '../../events/codec.ts'
import { topicOf } from '../../events/registry.ts'
import type { LogRecord } from '../../ports/log.ts'
import { type Delivery, deliver } from '../deliver.ts'
import { recordsOf } from './messages.ts'

const MAX_BODY_BYTES = 16 * 1024 * 1024
/** Requests that may wait for each one that is worked on; beyond, the sender is asked to come again. */
const WAITING_FOR_EACH = 4
const RETRY_AFTER_SECONDS = 1

export interface ReceiverOptions {
  readonly delivery: Delivery
  /** Deliveries at once at most. */
  readonly parallel: number
}

/** What was wrong with an event, for the sender's own dead letters. */
class Refused extends Error {
  constructor(error: Error) {
    super(error.message, { cause: error })
  }
}

/**
 * Takes events over HTTP. 204 says done: outputs are published and writes durable. 4xx says that the event can never be handled
 * and belongs among the sender's dead letters; 429 and 5xx, that it may be sent again. Events of one subject are handled one
 * after another within this process.
 */
export class Receiver {
  readonly #delivery: Delivery
  readonly #limit: number
  readonly #stop = new AbortController()
  /** The last delivery of each subject that is under way. */
  readonly #last = new Map<string, Promise<unknown>>()
  #open = 0
  #idle: (() => void) | undefined

  constructor({ delivery, parallel }: ReceiverOptions) {
    this.#delivery = {
      ...delivery,
      onRefused: async (record, error) => {
        delivery.observer.deadLettered(delivery.fn.declaration.name, record, error)
        throw new Refused(error)
      },
    }
    this.#limit = parallel * (1 + WAITING_FOR_EACH)
  }

  readonly answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return reply(response, 405, 'Events are sent with POST.')
    if (this.#stop.signal.aborted) return reply(response, 503, 'It is stopping; send the event again.')
    if (this.#open >= this.#limit) return reply(response, 429, 'It is busy; send the event again.')
    this.#open++
    try {
      await this.#receive(request)
      response.writeHead(204).end()
    } catch (error) {
      reply(response, statusOf(error), messageOf(error))
    } finally {
      this.#open--
      if (this.#open === 0) this.#idle?.()
    }
  }

  /** Takes no more, and resolves when what was taken is done or given up. */
  async stop(): Promise<void> {
    const idle = this.#open === 0 ? Promise.resolve() : new Promise<void>((resolve) => (this.#idle = resolve))
    this.#stop.abort()
    await idle
  }

  async #receive(request: IncomingMessage): Promise<void> {
    const records = recordsOf(request.headers, await bodyOf(request))
    for (const record of records) await this.#deliver(record)
  }

  async #deliver(record: WireRecord): Promise<void> {
    const { subject, type } = fromRecord(record)
    const topic = topicOf(type)
    if (!topic) throw new SentinelError('EVENT_UNDECLARED', `There is no event of type ${type}`)
    // No log has handed it out: it has no place there.
    const received: LogRecord = {
      ...record,
      topic,
      partition: -1,
      offset: -1,
      timestamp: this.#delivery.ports.clock.now(),
    }
    const { signal } = this.#stop
    const before = this.#last.get(subject) ?? Promise.resolve()
    const mine = before.then(() => deliver(this.#delivery, [received], { signal, superseded: signal }))
    const settled = mine.catch(() => {})
    this.#last.set(subject, settled)
    try {
      await mine
    } finally {
      if (this.#last.get(subject) === settled) this.#last.delete(subject)
    }
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Refused) return 422
  if (codeOf(error) === 'EVENT_MALFORMED') return 400
  if (codeOf(error) === 'INPUT_INVALID') return 413
  if (error instanceof SentinelError) return error.retryable ? 503 : 422
  return 500
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES)
      throw new SentinelError('INPUT_INVALID', `An event has at most ${MAX_BODY_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function reply(response: ServerResponse, status: number, text: string): void {
  const headers = {
    'content-type': 'text/plain',
    ...(status === 429 && { 'retry-after': String(RETRY_AFTER_SECONDS) }),
  }
  response.writeHead(status, headers).end(text)
}
