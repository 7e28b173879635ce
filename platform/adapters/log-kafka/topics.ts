import type { Topic } from '../../events/topics.ts'
import { connectorFor } from './clients.ts'
import { Cluster } from './cluster.ts'
import { classified, onceThere } from './failure.ts'
import { readPlace } from './place.ts'
import { planTopics, type TopicChange, type TopicState } from './topic-plan.ts'
import type { At } from './wire.ts'

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
  const cluster = new Cluster(connectorFor(place), place)
  return classified(async () => {
    try {
      const present = await presentTopics(cluster, place.prefix, Object.keys(topics))
      const changes = planTopics(topics, present)
      if (!dryRun) await carryOut(cluster, place.prefix, changes)
      const readable = dryRun ? new Set(present.keys()) : new Set(Object.keys(topics))
      const started = await startGroups(cluster, place.prefix, groups, readable, dryRun)
      return { changes, started }
    } finally {
      await cluster.close()
    }
  })
}

async function presentTopics(
  cluster: Cluster,
  prefix: string,
  names: readonly string[],
): Promise<Map<string, TopicState>> {
  const { topics } = await cluster.ask()
  const present = names.map((name) => prefix + name).filter((name) => topics.has(name))
  if (present.length === 0) return new Map()
  const configs = await (await cluster.any()).configs(present)
  return new Map(
    present.map((name) => [
      name.slice(prefix.length),
      { partitions: topics.get(name)!.length, configs: configs.get(name) ?? {} },
    ]),
  )
}

async function carryOut(cluster: Cluster, prefix: string, changes: readonly TopicChange[]): Promise<void> {
  if (changes.length === 0) return
  const controller = await cluster.controller()
  const created = changes.filter(({ create }) => create)
  if (created.length > 0) {
    const topics = created.map(({ topic, partitions, configs }) => ({
      topic: prefix + topic,
      partitions: partitions!.to,
      configs: settingsOf(configs),
    }))
    await controller.createTopics(topics)
    await onceThere(() => cluster.ask(topics.map(({ topic }) => topic)))
  }
  const grown = changes.filter(({ create, partitions }) => !create && partitions)
  if (grown.length > 0) {
    await controller.growTopics(new Map(grown.map(({ topic, partitions }) => [prefix + topic, partitions!.to])))
  }
  const altered = changes.filter(({ create, configs }) => !create && configs.length > 0)
  if (altered.length > 0) {
    await controller.setConfigs(new Map(altered.map(({ topic, configs }) => [prefix + topic, settingsOf(configs)])))
  }
}

const settingsOf = (configs: TopicChange['configs']): Record<string, string> =>
  Object.fromEntries(configs.map(({ name, to }) => [name, to]))

async function startGroups(
  cluster: Cluster,
  prefix: string,
  groups: ApplyOptions['groups'],
  readable: ReadonlySet<string>,
  dryRun: boolean,
): Promise<Applied['started']> {
  const started = []
  for (const { group, topics } of groups) {
    const names = topics.filter((topic) => readable.has(topic)).map((topic) => prefix + topic)
    const positions = await onceThere(() => missingStarts(cluster, prefix + group, names))
    if (positions.length === 0) continue
    if (!dryRun) await onceThere(() => commitStarts(cluster, prefix + group, positions))
    started.push({ group, partitions: positions.length })
  }
  return started
}

async function missingStarts(cluster: Cluster, group: string, topics: readonly string[]): Promise<At[]> {
  if (topics.length === 0) return []
  const found = await cluster.ask(topics)
  const all = topics.flatMap((topic) => found.topics.get(topic)!.map(({ partition }) => ({ topic, partition })))
  const committed = await (await cluster.coordinator(group)).committed(group, all)
  const missing = committed.filter(({ offset }) => offset < 0)
  if (missing.length === 0) return []
  return (await cluster.bounds(missing)).map(({ topic, partition, low }) => ({ topic, partition, offset: low }))
}

/** A group with members commits for itself; the coordinator refuses it from outside. */
async function commitStarts(cluster: Cluster, group: string, positions: readonly At[]): Promise<void> {
  await (await cluster.coordinator(group)).commit({ group, memberId: '', generation: -1, positions })
}
