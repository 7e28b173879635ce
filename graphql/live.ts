import { fromRecord } from '../platform/events/codec.ts'
import { type DeadLetter, deadLetterIn } from '../platform/events/dead-letter.ts'
import type { SentinelEvent } from '../platform/events/event.ts'
import { definitionOn } from '../platform/events/registry.ts'
import type { TopicName } from '../platform/events/topics.ts'
import type { Log, LogRecord } from '../platform/ports/log.ts'
import { tooSlow } from './failures.ts'

/** Events that may wait for one subscriber who is slower than they come. */
const MAX_WAITING = 1000

/** Events that could not be handled, of which the newest are remembered. */
const DEAD_LETTERS = 'dlq-events' satisfies TopicName
const REMEMBERED = 50

const TOPICS = [
  'events.detections',
  'events.cameras',
  'events.triage',
  'events.models',
  'events.training',
] as const satisfies readonly TopicName[]
export type FedTopic = (typeof TOPICS)[number]

type Listener = (event: SentinelEvent) => void

export interface Told<T> {
  readonly value: T
  /** How many older ones this subscriber lost just before, since it did not keep up. */
  readonly dropped: number
}

interface Interest<T> {
  readonly topics: readonly FedTopic[]
  /** What a subscriber makes of an event: nothing, one value or several. */
  readonly pick: (event: SentinelEvent) => readonly T[]
  /**
   * Of a subscriber who falls behind: `newest` gives up the oldest, for views of what is now; `all` ends the subscription
   * with an error, for lists that must have no hole, whose client asks anew.
   */
  readonly keep: 'newest' | 'all'
}

/** Follows the log once for all subscribers of this process, who never wait for each other. */
export class EventFeed {
  readonly #listeners = new Map<FedTopic, Set<Listener>>(TOPICS.map((topic) => [topic, new Set()]))
  readonly #ends = new Set<() => void>()
  readonly #refused: DeadLetter[] = []
  #stop: () => Promise<void> = async () => {}
  #isClosed = false

  static async open(log: Log): Promise<EventFeed> {
    const feed = new EventFeed()
    feed.#stop = await log.tail([...TOPICS, DEAD_LETTERS], (record) => feed.#onRecord(record))
    return feed
  }

  /** What no function could handle since this process follows the log, the newest first; some dozens at most. */
  get refused(): readonly DeadLetter[] {
    return this.#refused
  }

  listen(topic: FedTopic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic)!
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Everything from now on that `pick` makes something of. Leaving the loop ends the subscription, also while it waits. */
  subscribe<T>(interest: Interest<T>): AsyncGenerator<Told<T>> {
    const backlog = new Backlog<T>(interest.keep)
    const told = this.#follow(interest, backlog)
    const leave = told.return.bind(told)
    // A generator that waits hears of its end only when it goes on.
    told.return = (value) => {
      backlog.end()
      return leave(value)
    }
    return told
  }

  async *#follow<T>({ topics, pick }: Interest<T>, backlog: Backlog<T>): AsyncGenerator<Told<T>> {
    const stops = topics.map((topic) => this.listen(topic, (event) => backlog.add(pick(event))))
    const end = (): void => backlog.wake()
    this.#ends.add(end)
    try {
      while (!this.#isClosed && !backlog.hasEnded) {
        const told = backlog.take()
        if (told) yield told
        else await backlog.more()
      }
    } finally {
      this.#ends.delete(end)
      for (const stop of stops) stop()
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const end of this.#ends) end()
    await this.#stop()
  }

  #onRecord(record: LogRecord): void {
    if (record.topic === DEAD_LETTERS) {
      this.#refused.unshift(deadLetterIn(record))
      this.#refused.length = Math.min(this.#refused.length, REMEMBERED)
      return
    }
    const listeners = this.#listeners.get(record.topic as FedTopic)!
    if (listeners.size === 0) return
    const event = eventIn(record)
    if (event) for (const listener of listeners) listener(event)
  }
}

/** What one subscriber has not been told yet. */
class Backlog<T> {
  readonly #keep: 'newest' | 'all'
  readonly #waiting: T[] = []
  #dropped = 0
  #hasEnded = false
  wake: () => void = () => {}

  constructor(keep: 'newest' | 'all') {
    this.#keep = keep
  }

  add(values: readonly T[]): void {
    if (values.length === 0) return
    this.#waiting.push(...values)
    const excess = this.#waiting.length - MAX_WAITING
    if (excess > 0) {
      this.#waiting.splice(0, excess)
      this.#dropped += excess
    }
    this.wake()
  }

  /** The oldest that waits. @throws GraphQLError `TOO_SLOW` when all were to be kept and some could not. */
  take(): Told<T> | undefined {
    if (this.#dropped > 0 && this.#keep === 'all') throw tooSlow(MAX_WAITING)
    if (this.#waiting.length === 0) return undefined
    const told = { value: this.#waiting.shift()!, dropped: this.#dropped }
    this.#dropped = 0
    return told
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Nobody takes anything any more. */
  end(): void {
    this.#hasEnded = true
    this.wake()
  }

  more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve
    })
  }
}

/** Undefined for what is no such event: the consumers of the topic make it a dead letter, and the view goes on. */
function eventIn(record: LogRecord): SentinelEvent | undefined {
  try {
    const event = fromRecord(record)
    const isValid = definitionOn(record.topic, event.type)?.schema.safeParse(event.data).success
    return isValid ? event : undefined
  } catch {
    return undefined
  }
}
