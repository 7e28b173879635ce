import type { LogRecord, Position } from '../ports/log.ts'

export const nameOf = ({ topic, partition }: Omit<Position, 'offset'>): string => `${topic}/${partition}`

interface Tracked {
  readonly topic: Position['topic']
  readonly partition: number
  /** In offset order, as fetched. */
  readonly outstanding: number[]
  readonly done: Set<number>
  /** Offset of the next record to read once all before it are done. */
  next: number
  committed: number
}

/** Knows, for each partition, up to where everything is done: an offset is never committed ahead of unfinished work. */
export class CommitTracker {
  readonly #partitions = new Map<string, Tracked>()

  fetched({ topic, partition, offset }: LogRecord): void {
    const name = nameOf({ topic, partition })
    const tracked = this.#partitions.get(name) ?? {
      topic,
      partition,
      outstanding: [],
      done: new Set(),
      next: offset,
      committed: offset,
    }
    tracked.outstanding.push(offset)
    this.#partitions.set(name, tracked)
  }

  done({ topic, partition, offset }: LogRecord): void {
    const tracked = this.#partitions.get(nameOf({ topic, partition }))
    if (!tracked) return
    tracked.done.add(offset)
    while (tracked.outstanding.length > 0 && tracked.done.delete(tracked.outstanding[0]!)) {
      tracked.next = tracked.outstanding.shift()! + 1
    }
  }

  /** What can be committed now and is not yet. */
  committable(): Position[] {
    return [...this.#partitions.values()]
      .filter(({ next, committed }) => next > committed)
      .map(({ topic, partition, next }) => ({ topic, partition, offset: next }))
  }

  committed(positions: readonly Position[]): void {
    for (const position of positions) {
      const tracked = this.#partitions.get(nameOf(position))
      if (tracked) tracked.committed = Math.max(tracked.committed, position.offset)
    }
  }

  /** Whether its partition is still this member's. */
  has(partition: Omit<Position, 'offset'>): boolean {
    return this.#partitions.has(nameOf(partition))
  }

  forget(partition: Omit<Position, 'offset'>): void {
    this.#partitions.delete(nameOf(partition))
  }
}
