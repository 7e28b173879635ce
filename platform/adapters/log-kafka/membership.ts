import { SentinelError } from '../../errors.ts'
import type { JoinOptions, LogRecord, Membership, Position, RoomOf } from '../../ports/log.ts'
import type { Cluster } from './cluster.ts'
import { kindOf, logFailure } from './failure.ts'
import { GroupSession, SESSION_TIMEOUT_MS } from './group-session.ts'
import { nameOf, type PartitionName, Reader } from './reader.ts'

/** Also how soon a member hears that the group changes. */
const HEARTBEAT_EVERY_MS = 500
const RETRY_MS = 500
/** A first join that has not come about after this long is an error of its own. */
const JOIN_WITHIN_MS = 30_000
const LEAVE_WITHIN_MS = 3000
/** Coordinators move and connections break now and then: only what lasts longer is told. */
const TOLD_AFTER_MS = 3000

const LOST = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_INSTANCE_ID'])
const LATE = new Set(['ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'])

/**
 * One member of a Kafka group. Its heartbeats do not depend on the work. Rebalances are cooperative: only the partitions that
 * really move are let go of, and the work on the others goes on.
 */
export class KafkaMembership implements Membership {
  readonly #options: JoinOptions
  readonly #cluster: Cluster
  readonly #session: GroupSession
  readonly #reader: Reader
  readonly #stop = new AbortController()
  /** Those that it reads and those that it still works on. */
  readonly #owned = new Map<string, PartitionName>()
  readonly #firstSettled = Promise.withResolvers<void>()
  /** Settles when no join is under way. */
  #joining: Promise<unknown> = Promise.resolve()
  /** When the group's coordinator last answered. */
  #heardAt = performance.now()
  #loop: Promise<void> = Promise.resolve()

  private constructor(cluster: Cluster, prefix: string, options: JoinOptions) {
    this.#options = options
    this.#cluster = cluster
    this.#session = new GroupSession(cluster, prefix, options.group, options.topics)
    this.#reader = new Reader(cluster, prefix, options.gather)
  }

  /** Resolves once the member has its share of the partitions. @throws SentinelError `LOG_UNAVAILABLE` */
  static async join(cluster: Cluster, prefix: string, options: JoinOptions): Promise<KafkaMembership> {
    await cluster.know(options.topics.map((topic) => prefix + topic))
    const membership = new KafkaMembership(cluster, prefix, options)
    membership.#loop = membership.#run()
    await membership.#firstSettled.promise
    return membership
  }

  fetch(max: number, signal: AbortSignal, roomOf?: RoomOf): Promise<LogRecord[]> {
    return this.#reader.fetch(max, signal, roomOf)
  }

  async commit(positions: readonly Position[]): Promise<void> {
    for (;;) {
      await this.#joining
      const gone = positions.filter((position) => !this.#owned.has(nameOf(position)))
      if (gone.length > 0) throw lost(gone)
      const { generation } = this.#session
      try {
        return await this.#session.commit(positions)
      } catch (error) {
        const kind = kindOf(error) ?? ''
        if (kind === 'UNKNOWN_MEMBER_ID') throw lost(positions)
        if (!LATE.has(kind)) throw this.#noticed(error)
        const joined = await this.#joining.then(() => this.#session.generation !== generation)
        if (!joined) throw lost(positions)
      }
    }
  }

  async leave(): Promise<void> {
    if (this.#stop.signal.aborted) return
    this.#stop.abort()
    this.#reader.close()
    // A join under way ends when the others have joined; there is no need to wait for them.
    const left = this.#loop.then(() => this.#session.leave()).catch(() => {})
    const over = new AbortController()
    await Promise.race([left, timeout(LEAVE_WITHIN_MS, over.signal)])
    over.abort()
    await this.#cluster.close()
  }

  async #run(): Promise<void> {
    const startedAt = performance.now()
    let mustJoin = true
    while (!this.#stop.signal.aborted) {
      try {
        if (mustJoin) await this.#rebalance()
        mustJoin = false
        await timeout(HEARTBEAT_EVERY_MS, this.#stop.signal)
        if (!this.#stop.signal.aborted) await this.#heartbeat()
      } catch (error) {
        mustJoin = (await this.#mustJoinAfter(error)) || mustJoin
        if (performance.now() - startedAt > JOIN_WITHIN_MS) this.#firstSettled.reject(logFailure(error))
      }
    }
  }

  async #heartbeat(): Promise<void> {
    await this.#session.heartbeat()
    this.#heardAt = performance.now()
  }

  /** Joins, lets go of what others are to have, and joins again so that they get it. */
  async #rebalance(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const joining = this.#session.join([...this.#owned.values()])
      this.#joining = joining.catch(() => {})
      const { partitions, settled } = await joining
      this.#heardAt = performance.now()
      const wanted = new Set(partitions.map(nameOf))
      const moving = [...this.#owned.values()].filter((partition) => !wanted.has(nameOf(partition)))
      await this.#release(moving)
      await this.#take(partitions.filter((partition) => !this.#owned.has(nameOf(partition))))
      if (settled) this.#firstSettled.resolve()
      if (moving.length === 0) return
    }
  }

  async #take(partitions: readonly PartitionName[]): Promise<void> {
    for (const position of await this.#session.startsOf(partitions)) {
      this.#owned.set(nameOf(position), { topic: position.topic, partition: position.partition })
      this.#reader.start(position)
    }
  }

  /** Resolves when the work on them is finished or abandoned; the member stays alive meanwhile. */
  async #release(partitions: readonly PartitionName[]): Promise<void> {
    if (partitions.length === 0) return
    for (const partition of partitions) this.#reader.stop(partition)
    // By the next turn of the event loop, what was read before has reached the member's consumer.
    await new Promise((resolve) => setImmediate(resolve))
    let isReleased = false
    const released = (this.#options.onRevoked?.(partitions) ?? Promise.resolve()).finally(() => {
      isReleased = true
    })
    while (!isReleased) {
      await Promise.race([released, timeout(HEARTBEAT_EVERY_MS)])
      // That the group waits for this member is known by now, and a lost membership is found by the next join.
      if (!isReleased) await this.#heartbeat().catch(() => {})
    }
    for (const partition of partitions) this.#owned.delete(nameOf(partition))
    await released
  }

  /** Whether the group must be joined again. */
  async #mustJoinAfter(error: unknown): Promise<boolean> {
    const kind = kindOf(error) ?? ''
    if (kind === 'REBALANCE_IN_PROGRESS') return true
    if (LOST.has(kind)) {
      await this.#loseAll()
      return true
    }
    if (this.#stop.signal.aborted) return false
    const failure = this.#noticed(error)
    if (performance.now() - this.#heardAt > TOLD_AFTER_MS) this.#reader.fail(failure)
    await this.#cluster.refresh().catch(() => {})
    await timeout(RETRY_MS, this.#stop.signal)
    if (this.#owned.size === 0 || performance.now() - this.#heardAt < SESSION_TIMEOUT_MS) return false
    // By now the group may have given the partitions to others.
    await this.#loseAll()
    return true
  }

  async #loseAll(): Promise<void> {
    this.#session.forget()
    await this.#release([...this.#owned.values()])
  }

  #noticed(error: unknown): SentinelError {
    this.#session.loseCoordinator()
    return logFailure(error)
  }
}

function lost(partitions: readonly PartitionName[]): SentinelError {
  return new SentinelError('MEMBERSHIP_LOST', `No longer the owner of ${partitions.map(nameOf).join(', ')}`)
}

/** Resolves after so many milliseconds, or when `signal` aborts. */
function timeout(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done)
  })
}
