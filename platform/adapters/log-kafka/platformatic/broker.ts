import {
  createPartitionsV2,
  createTopicsV7,
  describeConfigsV4,
  describeGroupsV5,
  fetchV12,
  findCoordinatorV4,
  heartbeatV4,
  incrementalAlterConfigsV1,
  joinGroupV6,
  leaveGroupV4,
  listOffsetsV6,
  metadataV9,
  offsetCommitV8,
  offsetFetchV8,
  produceV9,
  syncGroupV4,
} from '@platformatic/kafka'
import { KafkaFailure } from '../failure.ts'
import type { JoinedGroup, Metadata, TopicPartition } from '../wire.ts'
import { type Address, type At, type Broker, byTopic, type Connect, type Fetched, type Security } from '../wire.ts'
import { ANSWER_WITHIN_MS, Line } from './line.ts'
import { nextOf, recordsOf, toProduce } from './records.ts'
import { checkVersions } from './versions.ts'

const CONSUMER = 'consumer'
const ALL_REPLICAS = -1
const READ_COMMITTED = 1
const CLIENT = -1
/** Of leaders and sessions: whichever there is. */
const ANY = -1
const GROUP = 0
const NO_SESSION = 0
const TOPIC = 2
const SET = 0
/** Set on the topic itself, as Kafka numbers the sources of a configuration. */
const OWN = 1
const BOUNDS = { low: -2n, end: -1n }
/** How much longer than all members may take the answer to a join may be under way. */
const JOIN_MARGIN_MS = 5000

/** By the requests of @platformatic/kafka, without its producer and consumer. */
export const connect: Connect = async (address, security) => {
  const line = await Line.open(address, security)
  try {
    await checkVersions(line, security.clientId)
    return new Connected(address, security, line)
  } catch (error) {
    line.close()
    throw error
  }
}

class Connected implements Broker {
  readonly #address: Address
  readonly #security: Security
  readonly #line: Line
  /** A request for records waits for them: it has a connection of its own. */
  #fetching: Promise<Line> | undefined

  constructor(address: Address, security: Security, line: Line) {
    this.#address = address
    this.#security = security
    this.#line = line
  }

  get isOpen(): boolean {
    return this.#line.isOpen
  }

  async metadata(names?: readonly string[]): Promise<Metadata> {
    const { brokers, controllerId, topics } = await this.#line.ask(metadataV9, [names ? [...names] : null])
    return {
      brokers: new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
      controller: controllerId,
      topics: new Map(
        topics.map(({ name, partitions }) => [
          name!,
          partitions.map(({ partitionIndex, leaderId }) => ({ partition: partitionIndex, leader: leaderId })),
        ]),
      ),
    }
  }

  async produce(...[batches, compression]: Parameters<Broker['produce']>): Promise<At[]> {
    const records = batches.flatMap((batch) => batch.messages.map((message) => toProduce(batch, message)))
    const answer = await this.#line.ask(produceV9, [ALL_REPLICAS, ANSWER_WITHIN_MS, records, { compression }])
    // Without acknowledgement there is no answer but `true`; here there is one.
    const { responses } = answer as Exclude<typeof answer, boolean>
    return responses.flatMap(({ name: topic, partitionResponses }) =>
      partitionResponses.map(({ index, baseOffset }) => ({ topic, partition: index, offset: Number(baseOffset) })),
    )
  }

  async fetch({ maxWaitMs, minBytes, maxBytes, partitions }: Parameters<Broker['fetch']>[0]): Promise<Fetched[]> {
    const topics = byTopic(partitions, ({ partition, offset, maxBytes: partitionMaxBytes }) => ({
      partition,
      currentLeaderEpoch: ANY,
      fetchOffset: BigInt(offset),
      lastFetchedEpoch: ANY,
      partitionMaxBytes,
    })).map(({ topic, ...rest }) => ({ topicId: topic, ...rest }))
    const line = await this.#fetchLine()
    const { responses } = await line.ask(fetchV12, [
      maxWaitMs,
      minBytes,
      maxBytes,
      READ_COMMITTED,
      NO_SESSION,
      ANY,
      topics,
      [],
      '',
    ])
    return responses.flatMap(({ topicId: topic, partitions: found }) =>
      found.map(({ partitionIndex, highWatermark, records: batches = [] }) => ({
        topic,
        partition: partitionIndex,
        end: Number(highWatermark),
        next: batches.length === 0 ? undefined : nextOf(batches.at(-1)!),
        records: batches.flatMap(recordsOf),
      })),
    )
  }

  async offsets(partitions: readonly TopicPartition[], which: 'low' | 'end'): Promise<At[]> {
    const asked = byTopic(partitions, ({ partition }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: ANY,
      timestamp: BOUNDS[which],
    })).map(named)
    const { topics } = await this.#line.ask(listOffsetsV6, [CLIENT, READ_COMMITTED, asked])
    return topics.flatMap(({ name: topic, partitions: found }) =>
      found.map(({ partitionIndex, offset }) => ({ topic, partition: partitionIndex, offset: Number(offset) })),
    )
  }

  async coordinator(group: string) {
    const { coordinators } = await this.#line.ask(findCoordinatorV4, [GROUP, [group]])
    const { nodeId, host, port } = coordinators[0]!
    return { id: nodeId, host, port }
  }

  /** A broker names a newcomer first, and takes it in under that name. */
  async join(request: Parameters<Broker['join']>[0]): Promise<JoinedGroup> {
    const { group, memberId, sessionMs, rebalanceMs, protocol, metadata } = request
    const protocols = [{ name: protocol, metadata }]
    try {
      const joined = await this.#line.ask(
        joinGroupV6,
        [group, sessionMs, rebalanceMs, memberId, null, CONSUMER, protocols],
        rebalanceMs + JOIN_MARGIN_MS,
      )
      return {
        generation: joined.generationId,
        leader: joined.leader,
        memberId: joined.memberId!,
        members: joined.members!.map((member) => ({ memberId: member.memberId, metadata: member.metadata! })),
      }
    } catch (error) {
      const given = givenName(error)
      if (given === undefined) throw error
      return this.join({ ...request, memberId: given })
    }
  }

  async sync({ group, memberId, generation, protocol, assignments }: Parameters<Broker['sync']>[0]): Promise<Buffer> {
    const { assignment } = await this.#line.ask(syncGroupV4, [
      group,
      generation,
      memberId,
      null,
      CONSUMER,
      protocol,
      [...assignments],
    ])
    return assignment
  }

  async heartbeat({ group, memberId, generation }: Parameters<Broker['heartbeat']>[0]): Promise<void> {
    await this.#line.ask(heartbeatV4, [group, generation, memberId, null])
  }

  async leave({ group, memberId }: Parameters<Broker['leave']>[0]): Promise<void> {
    await this.#line.ask(leaveGroupV4, [group, [{ memberId, groupInstanceId: null }]])
  }

  async commit({ group, memberId, generation, positions }: Parameters<Broker['commit']>[0]): Promise<void> {
    const topics = byTopic(positions, ({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(offset),
      committedLeaderEpoch: ANY,
      committedMetadata: null,
    })).map(named)
    await this.#line.ask(offsetCommitV8, [group, generation, memberId, null, topics])
  }

  async committed(groupId: string, partitions?: readonly TopicPartition[]): Promise<At[]> {
    const topics =
      partitions &&
      byTopic(partitions, ({ partition }) => partition).map(({ topic, partitions: partitionIndexes }) => ({
        name: topic,
        partitionIndexes,
      }))
    const asked = { groupId, memberEpoch: ANY, topics: topics ?? null }
    const { groups } = await this.#line.ask(offsetFetchV8, [[asked], false])
    return groups[0]!.topics.flatMap(({ name: topic, partitions: found }) =>
      found.map(({ partitionIndex, committedOffset }) => ({
        topic,
        partition: partitionIndex,
        offset: Number(committedOffset),
      })),
    )
  }

  async members(group: string): Promise<Buffer[]> {
    const { groups } = await this.#line.ask(describeGroupsV5, [[group], false])
    return groups.flatMap(({ members }) => members.map(({ memberMetadata }) => memberMetadata))
  }

  async createTopics(wanted: Parameters<Broker['createTopics']>[0]): Promise<void> {
    const topics = wanted.map(({ topic, partitions, configs }) => ({
      name: topic,
      numPartitions: partitions,
      replicationFactor: -1,
      assignments: [],
      configs: Object.entries(configs).map(([name, value]) => ({ name, value })),
    }))
    await this.#line.ask(createTopicsV7, [topics, ANSWER_WITHIN_MS, false])
  }

  async growTopics(counts: ReadonlyMap<string, number>): Promise<void> {
    // Only without a list of assignments does the broker choose: the package's type does not know that.
    const topics = [...counts].map(([name, count]) => ({ name, count, assignments: null as never }))
    await this.#line.ask(createPartitionsV2, [topics, ANSWER_WITHIN_MS, false])
  }

  async configs(topics: readonly string[]): Promise<Map<string, Record<string, string>>> {
    const asked = topics.map(
      (resourceName) => ({ resourceType: TOPIC, resourceName, configurationKeys: null }) as const,
    )
    const { results } = await this.#line.ask(describeConfigsV4, [asked, false, false])
    return new Map(
      results.map(({ resourceName, configs }) => {
        const own = configs.filter(({ configSource }) => configSource === OWN)
        return [resourceName, Object.fromEntries(own.map(({ name, value }) => [name, value ?? '']))]
      }),
    )
  }

  async setConfigs(configs: Parameters<Broker['setConfigs']>[0]): Promise<void> {
    const resources = [...configs].map(
      ([resourceName, wanted]) =>
        ({
          resourceType: TOPIC,
          resourceName,
          configs: Object.entries(wanted).map(([name, value]) => ({ name, configOperation: SET, value }) as const),
        }) as const,
    )
    await this.#line.ask(incrementalAlterConfigsV1, [resources, false])
  }

  async close(): Promise<void> {
    this.#line.close()
    ;(await this.#fetching?.catch(() => undefined))?.close()
  }

  async #fetchLine(): Promise<Line> {
    const there = this.#fetching
    if (there && (await there.catch(() => undefined))?.isOpen) return there
    if (this.#fetching === there) this.#fetching = Line.open(this.#address, this.#security)
    return this.#fetching!
  }
}

const named = <P>({ topic, partitions }: { topic: string; partitions: P[] }) => ({ name: topic, partitions })

/** What a broker calls a member that has no name yet. */
function givenName(error: unknown): string | undefined {
  if (!(error instanceof KafkaFailure) || error.kind !== 'MEMBER_ID_REQUIRED') return undefined
  return (error.cause as { readonly response?: { readonly memberId?: string } }).response?.memberId
}
