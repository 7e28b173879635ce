import { fromRecord } from '../platform/events/codec.ts'
import type { SentinelEvent } from '../platform/events/event.ts'
import type { TopicName } from '../platform/events/topics.ts'
import type { Log } from '../platform/ports/log.ts'

/** Events that wait for a subscriber who is slower than they come; beyond it the oldest go. */
const MAX_WAITING = 1000

const TOPICS = ['events.detections', 'events.cameras', 'events.triage'] as const satisfies readonly TopicName[]
export type FedTopic = (typeof TOPICS)[number]

type Listener = (event: SentinelEvent) => void

/** Follows the log once for all subscribers of this process, who never wait for each other. */
export class EventFeed {
  readonly #listeners = new Map<FedTopic, Set<Listener>>(TOPICS.map((topic) => [topic, new Set()]))
  #stop: () => Promise<void> = async () => {}
  #isClosed = false
  readonly #ends = new Set<() => void>()

  static async open(log: Log): Promise<EventFeed> {
    const feed = new EventFeed()
    feed.#stop = await log.tail(TOPICS, (record) => {
      const listeners = feed.#listeners.get(record.topic as FedTopic)!
      if (listeners.size === 0) return
      const event = decoded(() => fromRecord(record))
      if (event) for (const listener of listeners) listener(event)
    })
    return feed
  }

  listen(topic: FedTopic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic)!
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  /** Everything from now on that `pick` makes something of. Leaving the loop ends the subscription. */
  async *subscribe<T>(topics: readonly FedTopic[], pick: (event: SentinelEvent) => readonly T[]): AsyncGenerator<T> {
    const waiting: T[] = []
    let wake = (): void => {}
    const onEvent = (event: SentinelEvent): void => {
      waiting.push(...pick(event))
      if (waiting.length > MAX_WAITING) waiting.splice(0, waiting.length - MAX_WAITING)
      wake()
    }
    const stops = topics.map((topic) => this.listen(topic, onEvent))
    const end = (): void => wake()
    this.#ends.add(end)
    try {
      while (!this.#isClosed) {
        while (waiting.length > 0) yield waiting.shift()!
        if (this.#isClosed) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
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
}

/** What is no event is the consumers' affair: they make it a dead letter. */
function decoded<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
