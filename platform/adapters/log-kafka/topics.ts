import kafkajs, { type Admin, type IResourceConfig, Kafka, logLevel } from 'kafkajs'
import type { Topic } from '../../events/topics.ts'
import { classified, onceThere } from './failure.ts'
import { type KafkaPlace, readPlace } from './place.ts'
import { type Cluster, openCluster } from './protocol.ts'
import { planTopics, type TopicChange, type TopicState } from './topic-plan.ts'

const { ConfigResourceTypes } = kafkajs

/** Set on the topic itself, as Kafka numbers the sources of a configuration. */
const TOPIC_CONFIG = 1
const TIMEOUT_MS = 30_000

export interface ApplyOptions {
  readonly topics: Readonly<Record<string, Topic>>
  /** Consumer groups and what they read. */
  readonly groups: readonly { readonly group: string; readonly topics: readonly string[] }[]
  /** Tells what would change and changes nothing. */
  readonly dryRun?: boolean
}

export interface Applied {
  readonly changes: readonly TopicChange[]
  /** Groups that begin with the oldest record, with the number of their partitions that had no offset. */
  readonly started: readonly { readonly group: string; readonly partitions: number }[]
}

/**
 * Brings the topics to what is declared and gives each group that has none its first offsets, without which its lag would not
 * be a number. Doing it again changes nothing.
 *
 * @throws SentinelError `LOG_UNAVAILABLE`; Error that says what is wrong with the URL.
 */
export async function applyTopics(url: string, { topics, groups, dryRun = false }: ApplyOptions): Promise<Applied> {
  const place = readPlace(url)
  const admin = new Kafka({ ...place.config, logLevel: logLevel.NOTHING }).admin()
  return classified(async () => {
    await admin.connect()
    try {
      const present = await presentTopics(admin, place, Object.keys(topics))
      const changes = planTopics(topics, present)
      if (!dryRun) await carryOut(admin, place, changes)
      const readable = dryRun ? new Set(present.keys()) : new Set(Object.keys(topics))
      const started = await startGroups(admin, place, groups, readable, dryRun)
      return { changes, started }
    } finally {
      await admin.disconnect()
    }
  })
}

async function presentTopics(
  admin: Admin,
  { prefix }: KafkaPlace,
  names: readonly string[],
): Promise<Map<string, TopicState>> {
  const existing = new Set(await admin.listTopics())
  const present = names.map((name) => prefix + name).filter((name) => existing.has(name))
  if (present.length === 0) return new Map()
  const { topics } = await admin.fetchTopicMetadata({ topics: present })
  const configs = await ownConfigs(admin, present)
  return new Map(
    topics.map(({ name, partitions }) => [
      name.slice(prefix.length),
      { partitions: partitions.length, configs: configs.get(name) ?? {} },
    ]),
  )
}

async function ownConfigs(admin: Admin, names: readonly string[]): Promise<Map<string, Record<string, string>>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  })
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const own = configEntries.filter(({ configSource }) => Number(configSource) === TOPIC_CONFIG)
      return [resourceName, Object.fromEntries(own.map(({ configName, configValue }) => [configName, configValue]))]
    }),
  )
}

async function carryOut(admin: Admin, { prefix }: KafkaPlace, changes: readonly TopicChange[]): Promise<void> {
  const created = changes.filter(({ create }) => create)
  if (created.length > 0) {
    const topics = created.map(({ topic, partitions, configs }) => ({
      topic: prefix + topic,
      numPartitions: partitions!.to,
      replicationFactor: -1,
      configEntries: configs.map(({ name, to }) => ({ name, value: to })),
    }))
    await admin.createTopics({ topics, timeout: TIMEOUT_MS, waitForLeaders: false })
    await onceThere(() => admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }))
  }
  const grown = changes.filter(({ create, partitions }) => !create && partitions)
  if (grown.length > 0) {
    const topicPartitions = grown.map(({ topic, partitions }) => ({ topic: prefix + topic, count: partitions!.to }))
    await admin.createPartitions({ topicPartitions, timeout: TIMEOUT_MS })
  }
  await alter(
    admin,
    prefix,
    changes.filter(({ create, configs }) => !create && configs.length > 0),
  )
}

/** The request replaces all that is set on a topic: what others have set is sent along. */
async function alter(admin: Admin, prefix: string, changes: readonly TopicChange[]): Promise<void> {
  if (changes.length === 0) return
  const own = await ownConfigs(
    admin,
    changes.map(({ topic }) => prefix + topic),
  )
  const resources = changes.map(({ topic, configs }): IResourceConfig => {
    const wanted = Object.fromEntries(configs.map(({ name, to }) => [name, to]))
    const entries = Object.entries({ ...own.get(prefix + topic), ...wanted }).map(([name, value]) => ({ name, value }))
    return { type: ConfigResourceTypes.TOPIC, name: prefix + topic, configEntries: entries }
  })
  await admin.alterConfigs({ validateOnly: false, resources })
}

async function startGroups(
  admin: Admin,
  place: KafkaPlace,
  groups: ApplyOptions['groups'],
  readable: ReadonlySet<string>,
  dryRun: boolean,
): Promise<Applied['started']> {
  const cluster = openCluster(place.config)
  await cluster.connect()
  try {
    const started = []
    for (const { group, topics } of groups) {
      const names = topics.filter((topic) => readable.has(topic)).map((topic) => place.prefix + topic)
      const starts = await onceThere(() => missingStarts(admin, place.prefix + group, names))
      const partitions = starts.reduce((sum, topic) => sum + topic.partitions.length, 0)
      if (partitions === 0) continue
      if (!dryRun) await onceThere(() => commitStarts(cluster, place.prefix + group, starts))
      started.push({ group, partitions })
    }
    return started
  } finally {
    await cluster.disconnect()
  }
}

interface Start {
  readonly topic: string
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[]
}

async function missingStarts(admin: Admin, groupId: string, topics: readonly string[]): Promise<Start[]> {
  if (topics.length === 0) return []
  const committed = await admin.fetchOffsets({ groupId, topics: [...topics] })
  const missing = committed.map(async ({ topic, partitions }) => {
    const without = new Set(partitions.filter(({ offset }) => offset === '-1').map(({ partition }) => partition))
    if (without.size === 0) return { topic, partitions: [] }
    const lows = (await admin.fetchTopicOffsets(topic)).filter(({ partition }) => without.has(partition))
    return { topic, partitions: lows.map(({ partition, low }) => ({ partition, offset: low })) }
  })
  return (await Promise.all(missing)).filter(({ partitions }) => partitions.length > 0)
}

/** A group with members commits for itself; the coordinator refuses it from outside. */
async function commitStarts(cluster: Cluster, groupId: string, topics: readonly Start[]): Promise<void> {
  const coordinator = await cluster.findGroupCoordinator({ groupId })
  await coordinator.offsetCommit({ groupId, memberId: '', groupGenerationId: -1, topics })
}
