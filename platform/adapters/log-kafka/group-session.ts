import type { TopicName } from '../../events/topics.ts'
import { assignPartitions, type GroupMember } from './assignment.ts'
import type { Cluster } from './cluster.ts'
import { decodeAssignment, decodeSubscription, encodeAssignment, encodeSubscription } from './group-format.ts'
import type { PartitionName } from './reader.ts'
import type { Broker, JoinedGroup, TopicPartition } from './wire.ts'

/** Without a heartbeat for so long, the group gives a member's partitions to others. */
export const SESSION_TIMEOUT_MS = 10_000
/** How long a member may take to finish and join again. */
const REBALANCE_TIMEOUT_MS = 60_000
const PROTOCOL = 'sentinel-cooperative'

export interface Round {
  readonly partitions: readonly PartitionName[]
  /** False while partitions wait for others to let go of them. */
  readonly settled: boolean
}

/** The wire side of one member: each method is one exchange with the group's coordinator. */
export class GroupSession {
  readonly #cluster: Cluster
  readonly #prefix: string
  readonly #group: string
  readonly #topics: readonly TopicName[]
  #coordinator: Broker | undefined
  #memberId = ''
  #generation = -1

  constructor(cluster: Cluster, prefix: string, group: string, topics: readonly TopicName[]) {
    this.#cluster = cluster
    this.#prefix = prefix
    this.#group = prefix + group
    this.#topics = topics
  }

  /** Changes with each round of the group. */
  get generation(): number {
    return this.#generation
  }

  async join(owned: readonly PartitionName[]): Promise<Round> {
    const coordinator = await this.#findCoordinator()
    const metadata = encodeSubscription({
      topics: this.#topics.map((topic) => this.#prefix + topic),
      userData: Buffer.from(JSON.stringify(owned)),
    })
    const joined = await coordinator.join({
      group: this.#group,
      memberId: this.#memberId,
      sessionMs: SESSION_TIMEOUT_MS,
      rebalanceMs: REBALANCE_TIMEOUT_MS,
      protocol: PROTOCOL,
      metadata,
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generation
    const assignment = await coordinator.sync({
      ...this.#self,
      protocol: PROTOCOL,
      assignments: joined.leader === joined.memberId ? await this.#assign(joined) : [],
    })
    return this.#readAssignment(assignment)
  }

  /** The group knows this member no longer: the next join is a stranger's. */
  forget(): void {
    this.#memberId = ''
    this.#generation = -1
  }

  /** After a failure of the connection: the coordinator may be another by now. */
  loseCoordinator(): void {
    this.#coordinator = undefined
  }

  async heartbeat(): Promise<void> {
    const coordinator = await this.#findCoordinator()
    await coordinator.heartbeat(this.#self)
  }

  async leave(): Promise<void> {
    if (!this.#memberId) return
    await (await this.#findCoordinator()).leave(this.#self)
  }

  async commit(positions: readonly (PartitionName & { readonly offset: number })[]): Promise<void> {
    const coordinator = await this.#findCoordinator()
    await coordinator.commit({
      ...this.#self,
      positions: positions.map(({ topic, partition, offset }) => ({ topic: this.#prefix + topic, partition, offset })),
    })
  }

  /** Where each partition goes on: after the last commit, or with its first record. */
  async startsOf(partitions: readonly PartitionName[]): Promise<(PartitionName & { readonly offset: number })[]> {
    if (partitions.length === 0) return []
    const coordinator = await this.#findCoordinator()
    const starts = await coordinator.committed(this.#group, this.#named(partitions))
    const fresh = starts.filter(({ offset }) => offset < 0)
    if (fresh.length === 0) return starts.map((at) => this.#ownName(at))
    const lows = (await this.#cluster.bounds(fresh)).map(({ low, ...place }) => ({ ...place, offset: low }))
    return [...starts.filter(({ offset }) => offset >= 0), ...lows].map((at) => this.#ownName(at))
  }

  get #self() {
    return { group: this.#group, memberId: this.#memberId, generation: this.#generation }
  }

  async #findCoordinator(): Promise<Broker> {
    if (!this.#coordinator?.isOpen) this.#coordinator = await this.#cluster.coordinator(this.#group)
    return this.#coordinator
  }

  async #assign({ members }: JoinedGroup): Promise<{ memberId: string; assignment: Buffer }[]> {
    await this.#cluster.refresh()
    const { partitions, settled } = assignPartitions(
      members.map((member) => this.#memberOf(member)),
      (topic) => this.#cluster.partitionsOf(this.#prefix + topic).map(({ partition }) => partition),
    )
    const userData = Buffer.from(JSON.stringify({ settled }))
    return [...partitions].map(([memberId, given]) => ({
      memberId,
      assignment: encodeAssignment({ partitions: this.#named(given), userData }),
    }))
  }

  #memberOf({ memberId, metadata }: JoinedGroup['members'][number]): GroupMember {
    const { topics, userData } = decodeSubscription(metadata)
    return {
      id: memberId,
      topics: topics.map((topic) => topic.slice(this.#prefix.length)),
      owned: JSON.parse(userData.toString()),
    }
  }

  #named(partitions: readonly PartitionName[]): TopicPartition[] {
    return partitions.map(({ topic, partition }) => ({ topic: this.#prefix + topic, partition }))
  }

  #ownName<P extends TopicPartition>(place: P): P & PartitionName {
    return { ...place, topic: place.topic.slice(this.#prefix.length) as TopicName }
  }

  #readAssignment(bytes: Buffer): Round {
    const assigned = decodeAssignment(bytes)
    if (!assigned) return { partitions: [], settled: true }
    const partitions = assigned.partitions.map((place) => this.#ownName(place))
    return { partitions, settled: JSON.parse(assigned.userData.toString()).settled }
  }
}
