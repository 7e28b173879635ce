import type { TopicName } from '../events/topics.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log, LogRecord, Membership, Position } from '../ports/log.ts'
import { type Said, saidBy } from '../said.ts'
import { CommitTracker, nameOf } from './commit-tracker.ts'
import { Committer } from './committer.ts'
import type { Signals } from './deliver.ts'

const FIRST_BACKOFF_MS = 100
const MAX_BACKOFF_MS = 10_000
/** How long a batch waits for more once it has its first record. */
const BATCH_LINGER_MS = 40
/** A partition may hold this share of the window: three that stand still take nothing from the others. */
const PARTITION_SHARE = 1 / 4
/** One for all: the exception that `abort()` makes by itself records its stack, for each of many frames. */
const NEWER_WAITS = new Error('A newer event of the same key waits')

export interface ConsumerOptions {
  readonly log: Log
  readonly clock: Clock
  readonly group: string
  readonly topics: readonly TopicName[]
  /** Deliveries in flight at most. */
  readonly parallel: number
  /** Records a delivery at most; more than one hands over whatever is there together. */
  readonly batch: number
  /** See `JoinOptions`. */
  readonly gather?: number
  /** Resolves when the records may be committed; rejects when they are to be tried again. */
  readonly work: (records: readonly LogRecord[], signals: Signals, attempt: number) => Promise<void>
  readonly onRetry?: (attempt: number, error: unknown) => void
  /** 0..1, for the jitter of the back-off. */
  readonly chance?: () => number
}

/** Records of one key, one delivery at a time. */
interface Lane {
  readonly partition: Omit<Position, 'offset'>
  readonly waiting: LogRecord[]
  readonly abort: AbortController
  superseded: AbortController
  running: Promise<void>
}

/**
 * Feeds one group member's records to `work`: keys side by side, each key in order, commits after the work. What fails
 * is tried again with back-off and holds up only its own key, until the window of the partition is full.
 */
export class Consumer {
  readonly #options: ConsumerOptions
  readonly #stop = new AbortController()
  readonly #tracker = new CommitTracker()
  readonly #committer: Committer
  readonly #lanes = new Map<string, Lane>()
  #membership!: Membership
  #inFlight = 0
  /** The same by partition. */
  readonly #held = new Map<string, number>()
  /** Ends a wait for records: a partition has room again, or the consumer stops. */
  #looking = new AbortController()
  #failures = 0
  /** What is being tried again, by what it is about. */
  readonly #troubles = new Map<unknown, Said>()
  #freed: (() => void) | undefined
  /** The attempt at a batch that is under way, and what gives it up. */
  #batch: Promise<unknown> = Promise.resolve()
  #batchAbort = new AbortController()
  #releasing: Promise<void> = Promise.resolve()
  #loop: Promise<void> = Promise.resolve()

  private constructor(options: ConsumerOptions) {
    this.#options = options
    this.#committer = new Committer({
      tracker: this.#tracker,
      clock: options.clock,
      commit: (positions) => this.#membership.commit(positions),
      onFailure: (attempt, error) => this.#tryAgain(this.#tracker, attempt, error),
      onSuccess: () => this.#troubles.delete(this.#tracker),
      stopped: this.#stop.signal,
    })
  }

  static async start(options: ConsumerOptions): Promise<Consumer> {
    const consumer = new Consumer(options)
    const { log, group, topics, gather = 0 } = options
    consumer.#membership = await log.join({
      group,
      topics,
      gather,
      onRevoked: (lost) => (consumer.#releasing = consumer.#release(lost)),
    })
    consumer.#loop = consumer.#run()
    return consumer
  }

  /** Gives up what can be given up, waits for the rest, commits what is done, and leaves the group. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.#looking.abort()
    this.#batchAbort.abort()
    this.#freed?.()
    for (const lane of this.#lanes.values()) lane.abort.abort()
    await this.#loop
    await Promise.all([...this.#lanes.values()].map(({ running }) => running))
    await this.#committer.now()
    await this.#membership.leave()
  }

  /** Why something that was tried more than once does not work yet; undefined when all is well. */
  get trouble(): Said | undefined {
    return this.#troubles.values().next().value
  }

  get #window(): number {
    const { parallel, batch } = this.#options
    return batch > 1 ? batch : parallel * 2
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const room = this.#window - this.#inFlight
      if (room <= 0) {
        await new Promise<void>((resolve) => (this.#freed = resolve))
        continue
      }
      const records = await this.#fetch(room)
      if (this.#options.batch > 1) await this.#runBatch(records)
      else for (const record of records) this.#enqueue(record)
    }
  }

  /** Nothing when the log cannot answer; the next look comes after a back-off. */
  async #fetch(max: number): Promise<readonly LogRecord[]> {
    if (this.#looking.signal.aborted) this.#looking = new AbortController()
    const roomOf = this.#options.batch > 1 ? undefined : this.#roomOf
    try {
      const records = await this.#membership.fetch(max, this.#looking.signal, roomOf)
      this.#failures = 0
      this.#troubles.delete(this.#membership)
      return records
    } catch (error) {
      this.#tryAgain(this.#membership, ++this.#failures, error)
      await this.#options.clock.sleep(this.#backoff(this.#failures), this.#stop.signal)
      return []
    }
  }

  get #share(): number {
    return Math.ceil(this.#window * PARTITION_SHARE)
  }

  readonly #roomOf = (partition: Omit<Position, 'offset'>): number =>
    this.#share - (this.#held.get(nameOf(partition)) ?? 0)

  async #runBatch(first: readonly LogRecord[]): Promise<void> {
    if (first.length === 0) return
    const { batch } = this.#options
    for (const record of first) this.#tracker.fetched(record)
    const more = first.length < batch ? await this.#more(batch - first.length) : []
    for (const record of more) this.#tracker.fetched(record)
    await this.#attemptBatch([...first, ...more])
  }

  /** What has come meanwhile. That the log does not answer is told by the next look. */
  async #more(max: number): Promise<readonly LogRecord[]> {
    await this.#options.clock.sleep(BATCH_LINGER_MS, this.#stop.signal)
    const signal = AbortSignal.any([AbortSignal.timeout(1), this.#stop.signal])
    return this.#membership.fetch(max, signal).catch(() => [])
  }

  /** Partitions that move away meanwhile take their records with them; the rest goes on. */
  async #attemptBatch(all: readonly LogRecord[]): Promise<void> {
    for (let records = all; !this.#stop.signal.aborted; ) {
      await this.#releasing
      records = records.filter((record) => this.#tracker.has(record))
      if (records.length === 0) return
      this.#batchAbort = new AbortController()
      const { signal } = this.#batchAbort
      const attempt = this.#attempt(records, { signal, superseded: signal })
      // What is done is finished with before a partition is let go of.
      const tried = records
      this.#batch = attempt.then((isDone) => isDone && this.#finish(tried))
      if (await attempt) return
    }
  }

  #enqueue(record: LogRecord): void {
    this.#tracker.fetched(record)
    this.#hold(record, 1)
    const name = `${record.topic}/${record.partition}/${record.key}`
    const lane = this.#lanes.get(name)
    if (lane) {
      lane.waiting.push(record)
      lane.superseded.abort(NEWER_WAITS)
      return
    }
    const fresh: Lane = {
      partition: { topic: record.topic, partition: record.partition },
      waiting: [record],
      abort: new AbortController(),
      superseded: new AbortController(),
      running: Promise.resolve(),
    }
    this.#lanes.set(name, fresh)
    fresh.running = this.#runLane(name, fresh)
  }

  async #runLane(name: string, lane: Lane): Promise<void> {
    for (let record = lane.waiting.shift(); record; record = lane.waiting.shift()) {
      lane.superseded = new AbortController()
      if (lane.waiting.length > 0) lane.superseded.abort(NEWER_WAITS)
      const signals = { signal: lane.abort.signal, superseded: lane.superseded.signal }
      const done = await this.#attempt([record], signals)
      this.#hold(lane.partition, -1)
      if (!done) break
      this.#finish([record])
    }
    this.#hold(lane.partition, -lane.waiting.length)
    this.#lanes.delete(name)
    this.#freed?.()
  }

  #hold(partition: Omit<Position, 'offset'>, more: number): void {
    const name = nameOf(partition)
    const before = this.#held.get(name) ?? 0
    this.#held.set(name, before + more)
    this.#inFlight += more
    if (before >= this.#share && before + more < this.#share) this.#looking.abort()
  }

  /** True when done, false when the work was given up. */
  async #attempt(records: readonly LogRecord[], signals: Signals): Promise<boolean> {
    try {
      return await this.#attempts(records, signals)
    } finally {
      this.#troubles.delete(records)
    }
  }

  async #attempts(records: readonly LogRecord[], signals: Signals): Promise<boolean> {
    const { work, clock } = this.#options
    for (let attempt = 1; !signals.signal.aborted; attempt++) {
      try {
        await work(records, signals, attempt)
        return true
      } catch (error) {
        if (signals.signal.aborted) return false
        this.#tryAgain(records, attempt, error)
        await clock.sleep(this.#backoff(attempt), signals.signal)
      }
    }
    return false
  }

  /** A first failure is nobody's trouble: the next attempt may mend it. */
  #tryAgain(about: unknown, attempt: number, error: unknown): void {
    if (attempt > 1) this.#troubles.set(about, saidBy(error))
    this.#options.onRetry?.(attempt, error)
  }

  /** Full jitter: anything up to an exponentially growing bound. */
  #backoff(attempt: number): number {
    const chance = this.#options.chance ?? Math.random
    return chance() * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** attempt)
  }

  #finish(records: readonly LogRecord[]): void {
    for (const record of records) this.#tracker.done(record)
    this.#freed?.()
    this.#committer.soon()
  }

  async #release(partitions: readonly Omit<Position, 'offset'>[]): Promise<void> {
    const lost = [...this.#lanes.values()].filter(({ partition }) =>
      partitions.some(({ topic, partition: index }) => topic === partition.topic && index === partition.partition),
    )
    for (const { abort } of lost) abort.abort()
    this.#batchAbort.abort()
    await Promise.all([this.#batch, ...lost.map(({ running }) => running)])
    await this.#committer.now()
    for (const partition of partitions) this.#tracker.forget(partition)
  }
}
