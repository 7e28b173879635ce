import { AssignerProtocol } from 'kafkajs'
import type { TopicName } from '../../events/topics.ts'
import { assignPartitions, type GroupMember } from './assignment.ts'
import type { Broker, Cluster, JoinedGroup } from './protocol.ts'
import type { PartitionName } from './reader.ts'

/** Without a heartbeat for so long, the group gives a member's partitions to others. */
export const SESSION_TIMEOUT_MS = 10_000
/** How long a member may take to finish and join again. */
const REBALANCE_TIMEOUT_MS = 60_000
const PROTOCOL = 'sentinel-cooperative'
const VERSION = 1

const { MemberMetadata, MemberAssignment } = AssignerProtocol

export interface Round {
  readonly partitions: readonly PartitionName[]
  /** False while partitions wait for others to let go of them. */
  readonly settled: boolean
}

/** The wire side of one member: each method is one exchange with the group's coordinator. */
export class GroupSession {
  readonly #cluster: Cluster
  readonly #prefix: string
  readonly #groupId: string
  readonly #topics: readonly TopicName[]
  #coordinator: Broker | undefined
  #memberId = ''
  #generation = -1

  constructor(cluster: Cluster, prefix: string, group: string, topics: readonly TopicName[]) {
    this.#cluster = cluster
    this.#prefix = prefix
    this.#groupId = prefix + group
    this.#topics = topics
  }

  /** Changes with each round of the group. */
  get generation(): number {
    return this.#generation
  }

  async join(owned: readonly PartitionName[]): Promise<Round> {
    const coordinator = await this.#findCoordinator()
    const metadata = MemberMetadata.encode({
      version: VERSION,
      topics: this.#topics.map((topic) => this.#prefix + topic),
      userData: Buffer.from(JSON.stringify(owned)),
    })
    const joined = await coordinator.joinGroup({
      groupId: this.#groupId,
      memberId: this.#memberId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      groupProtocols: [{ name: PROTOCOL, metadata }],
    })
    this.#memberId = joined.memberId
    this.#generation = joined.generationId
    const { memberAssignment } = await coordinator.syncGroup({
      groupId: this.#groupId,
      memberId: this.#memberId,
      generationId: this.#generation,
      groupAssignment: joined.leaderId === joined.memberId ? await this.#assign(joined) : [],
    })
    return this.#readAssignment(memberAssignment)
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
    const { generation: groupGenerationId } = this
    await coordinator.heartbeat({ groupId: this.#groupId, memberId: this.#memberId, groupGenerationId })
  }

  async leave(): Promise<void> {
    if (!this.#memberId) return
    await (await this.#findCoordinator()).leaveGroup({ groupId: this.#groupId, memberId: this.#memberId })
  }

  async commit(positions: readonly (PartitionName & { readonly offset: number })[]): Promise<void> {
    const coordinator = await this.#findCoordinator()
    await coordinator.offsetCommit({
      groupId: this.#groupId,
      memberId: this.#memberId,
      groupGenerationId: this.#generation,
      topics: this.#byTopic(positions, ({ partition, offset }) => ({ partition, offset: String(offset) })),
    })
  }

  /** Where each partition goes on: after the last commit, or with its first record. */
  async startsOf(partitions: readonly PartitionName[]): Promise<(PartitionName & { readonly offset: number })[]> {
    if (partitions.length === 0) return []
    const coordinator = await this.#findCoordinator()
    const topics = this.#byTopic(partitions, ({ partition }) => ({ partition }))
    const { responses } = await coordinator.offsetFetch({ groupId: this.#groupId, topics })
    const starts = this.#positionsOf(responses)
    const fresh = starts.filter(({ offset }) => offset < 0)
    if (fresh.length === 0) return starts
    const asked = this.#byTopic(fresh, ({ partition }) => ({ partition }))
    const lows = await this.#cluster.fetchTopicsOffset(asked.map((topic) => ({ ...topic, fromBeginning: true })))
    return [...starts.filter(({ offset }) => offset >= 0), ...this.#positionsOf(lows)]
  }

  async #findCoordinator(): Promise<Broker> {
    this.#coordinator ??= await this.#cluster.findGroupCoordinator({ groupId: this.#groupId })
    return this.#coordinator
  }

  async #assign({ members }: JoinedGroup): Promise<{ memberId: string; memberAssignment: Buffer }[]> {
    await this.#cluster.refreshMetadata()
    const assignment = assignPartitions(
      members.map((member) => this.#memberOf(member)),
      (topic) => this.#cluster.findTopicPartitionMetadata(this.#prefix + topic).map(({ partitionId }) => partitionId),
    )
    const userData = Buffer.from(JSON.stringify({ settled: assignment.settled }))
    return [...assignment.partitions].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({ version: VERSION, assignment: this.#indexed(partitions), userData }),
    }))
  }

  #memberOf({ memberId, memberMetadata }: JoinedGroup['members'][number]): GroupMember {
    const { topics, userData } = MemberMetadata.decode(memberMetadata)!
    return {
      id: memberId,
      topics: topics.map((topic) => topic.slice(this.#prefix.length)),
      owned: JSON.parse(userData.toString()),
    }
  }

  #byTopic<P extends PartitionName, Q>(partitions: readonly P[], of: (partition: P) => Q) {
    return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, members]) => ({
      topic: this.#prefix + topic,
      partitions: members.map(of),
    }))
  }

  #positionsOf(topics: readonly { topic: string; partitions: readonly { partition: number; offset: string }[] }[]) {
    return topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({
        topic: topic.slice(this.#prefix.length) as TopicName,
        partition,
        offset: Number(offset),
      })),
    )
  }

  #indexed(partitions: readonly PartitionName[]): Record<string, number[]> {
    const topics = this.#byTopic(partitions, ({ partition }) => partition)
    return Object.fromEntries(topics.map(({ topic, partitions: indexes }) => [topic, indexes]))
  }

  #readAssignment(bytes: Buffer): Round {
    const decoded = MemberAssignment.decode(bytes)
    if (!decoded) return { partitions: [], settled: true }
    const partitions = Object.entries(decoded.assignment).flatMap(([topic, indexes]) =>
      indexes.map((partition) => ({ topic: topic.slice(this.#prefix.length) as TopicName, partition })),
    )
    return { partitions, settled: JSON.parse(decoded.userData.toString()).settled }
  }
}
