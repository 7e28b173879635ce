import type { TopicName } from '../../events/topics.ts'
import type { JoinOptions, Position } from '../../ports/log.ts'

export type PartitionName = Omit<Position, 'offset'>

export interface Member {
  readonly id: number
  readonly options: JoinOptions
  /** Where this member reads next, by partition; only its own partitions are in it. */
  readonly positions: Map<string, Position>
  /** Partitions that it still owns but must not read from any more. */
  readonly revoking: Set<string>
  /** Called after each change of the assignment. */
  wake(): void
}

export const nameOf = ({ topic, partition }: PartitionName): string => `${topic}/${partition}`

/** Spreads the partitions of a group's topics over its members, and moves them one by one when members come and go. */
export class Group {
  readonly #partitionsOf: (topic: TopicName) => number
  readonly #startOf: (partition: PartitionName) => number
  readonly members: Member[] = []
  #rebalancing: Promise<void> = Promise.resolve()

  constructor(partitionsOf: (topic: TopicName) => number, startOf: (partition: PartitionName) => number) {
    this.#partitionsOf = partitionsOf
    this.#startOf = startOf
  }

  join(member: Member): Promise<void> {
    this.members.push(member)
    return this.#rebalance()
  }

  async leave(member: Member): Promise<void> {
    const at = this.members.indexOf(member)
    if (at < 0) return
    this.members.splice(at, 1)
    await this.#rebalance([member])
  }

  /** Rebalances never overlap: each starts from what the one before it settled. */
  #rebalance(leaving: Member[] = []): Promise<void> {
    this.#rebalancing = this.#rebalancing.then(() => this.#reassign(leaving))
    return this.#rebalancing
  }

  /** A partition goes to its new owner only after the old one has let go of it and committed. */
  async #reassign(leaving: Member[]): Promise<void> {
    const wanted = this.#assignment()
    const holders = [...this.members, ...leaving]
    await Promise.all(holders.map((member) => revoke(member, wanted.get(member) ?? new Map())))
    for (const [member, partitions] of wanted) {
      for (const [name, partition] of partitions) {
        if (member.positions.has(name)) continue
        member.positions.set(name, { ...partition, offset: this.#startOf(partition) })
      }
      member.wake()
    }
  }

  /** Keeps what members already own where the balance allows, so that a join moves as few partitions as it must. */
  #assignment(): Map<Member, Map<string, PartitionName>> {
    const wanted = new Map(this.members.map((member) => [member, new Map<string, PartitionName>()]))
    for (const topic of new Set(this.members.flatMap(({ options }) => options.topics))) {
      const candidates = this.members.filter(({ options }) => options.topics.includes(topic))
      const free = Array.from({ length: this.#partitionsOf(topic) }, (_, partition) => ({ topic, partition }))
      const share = Math.ceil(free.length / candidates.length)
      const unowned = free.filter((partition) => {
        const owner = candidates.find(({ positions }) => positions.has(nameOf(partition)))
        const owned = owner && countOf(wanted.get(owner)!, topic)
        if (owner === undefined || owned! >= share) return true
        wanted.get(owner)!.set(nameOf(partition), partition)
        return false
      })
      for (const partition of unowned) {
        const least = candidates.reduce((a, b) =>
          countOf(wanted.get(b)!, topic) < countOf(wanted.get(a)!, topic) ? b : a,
        )
        wanted.get(least)!.set(nameOf(partition), partition)
      }
    }
    return wanted
  }
}

async function revoke(member: Member, keep: ReadonlyMap<string, PartitionName>): Promise<void> {
  const lost = [...member.positions].filter(([name]) => !keep.has(name))
  if (lost.length === 0) return
  for (const [name] of lost) member.revoking.add(name)
  await turn()
  await member.options.onRevoked?.(lost.map(([, { topic, partition }]) => ({ topic, partition })))
  for (const [name] of lost) {
    member.positions.delete(name)
    member.revoking.delete(name)
  }
}

/** By the next turn of the event loop, what was read before has reached the member's consumer. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function countOf(partitions: ReadonlyMap<string, PartitionName>, topic: TopicName): number {
  let count = 0
  for (const partition of partitions.values()) if (partition.topic === topic) count++
  return count
}
