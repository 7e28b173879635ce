import type { PartitionName } from './reader.ts'

export interface GroupMember {
  readonly id: string
  readonly topics: readonly string[]
  /** What it reads now. */
  readonly owned: readonly PartitionName[]
}

export interface Assignment {
  /** By the member's id. */
  readonly partitions: ReadonlyMap<string, PartitionName[]>
  /** False while a partition waits for its old owner to let go: another round follows. */
  readonly settled: boolean
}

/**
 * Spreads each topic's partitions evenly. A member keeps what it owns up to its share; a partition that must move is given to
 * nobody until its owner no longer claims it, so that two never work on it at once.
 */
export function assignPartitions(
  members: readonly GroupMember[],
  partitionsOf: (topic: string) => readonly number[],
): Assignment {
  const partitions = new Map(members.map(({ id }) => [id, [] as PartitionName[]]))
  let settled = true
  for (const topic of [...new Set(members.flatMap((member) => member.topics))].sort()) {
    const indexes = partitionsOf(topic)
    const candidates = members.filter(({ topics }) => topics.includes(topic)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const shares = sharesOf(candidates, topic, indexes)
    const owners = ownersOf(members, topic)
    for (const [id, share] of shares) {
      for (const index of share) {
        const owner = owners.get(index)
        if (owner === undefined || owner === id) partitions.get(id)!.push({ topic, partition: index } as PartitionName)
        else settled = false
      }
    }
  }
  return { partitions, settled }
}

/** What each member is to have in the end: it keeps its own up to an even share, and takes of the rest. */
function sharesOf(
  candidates: readonly GroupMember[],
  topic: string,
  indexes: readonly number[],
): Map<string, number[]> {
  const least = Math.floor(indexes.length / candidates.length)
  let extras = indexes.length % candidates.length
  const free = new Set(indexes)
  const shares = new Map<string, number[]>()
  // Those who own more come first: the ones that may have one more are the ones that have it already.
  const byOwned = candidates.toSorted((a, b) => ownedOf(b, topic).length - ownedOf(a, topic).length)
  const sizes = new Map(byOwned.map(({ id }) => [id, extras-- > 0 ? least + 1 : least]))
  for (const member of byOwned) {
    const kept = ownedOf(member, topic)
      .filter((index) => free.has(index))
      .slice(0, sizes.get(member.id))
    for (const index of kept) free.delete(index)
    shares.set(member.id, kept)
  }
  for (const member of candidates) {
    const share = shares.get(member.id)!
    for (const index of free) {
      if (share.length >= sizes.get(member.id)!) break
      share.push(index)
      free.delete(index)
    }
  }
  return shares
}

function ownersOf(members: readonly GroupMember[], topic: string): Map<number, string> {
  return new Map(members.flatMap((member) => ownedOf(member, topic).map((index) => [index, member.id])))
}

function ownedOf({ owned }: GroupMember, topic: string): number[] {
  return owned.filter((partition) => partition.topic === topic).map(({ partition }) => partition)
}
