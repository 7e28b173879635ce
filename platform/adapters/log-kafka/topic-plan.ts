import type { Topic } from '../../events/topics.ts'

const SECOND = 1000
const DAY = 86_400_000
/** A picture of 4K fits, and so does its dead letter. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024

export interface TopicState {
  readonly partitions: number
  readonly configs: Readonly<Record<string, string>>
}

export interface TopicChange {
  readonly topic: string
  /** The topic is new. */
  readonly create: boolean
  readonly partitions: { readonly from: number; readonly to: number } | undefined
  readonly configs: readonly { readonly name: string; readonly from: string | undefined; readonly to: string }[]
}

/** What someone set higher stays: nothing that is applied throws data away that was to be kept. */
const RAISED_ONLY = new Set(['retention.ms', 'retention.bytes', 'max.message.bytes'])

export function configsOf({ retentionMs, retentionBytes, compression }: Topic): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'compression.type': compression === 'none' ? 'producer' : compression,
    'max.message.bytes': String(MAX_MESSAGE_BYTES),
    'retention.bytes': String(retentionBytes),
    'retention.ms': String(retentionMs),
    // Retention drops whole closed segments: they are closed often enough for it to be kept.
    'segment.ms': String(Math.min(Math.max(retentionMs / 4, 10 * SECOND), 7 * DAY)),
  }
}

/** What has to change so that the topics are as declared; empty when they are. Partitions are added, never removed. */
export function planTopics(
  declared: Readonly<Record<string, Topic>>,
  present: ReadonlyMap<string, TopicState>,
): TopicChange[] {
  return Object.entries(declared)
    .map(([topic, declaration]) => changeOf(topic, declaration, present.get(topic)))
    .filter(({ create, partitions, configs }) => create || partitions || configs.length > 0)
}

function changeOf(topic: string, declaration: Topic, state: TopicState | undefined): TopicChange {
  const { partitions: to } = declaration
  const from = state?.partitions ?? 0
  const configs = Object.entries(configsOf(declaration))
    .map(([name, value]) => ({ name, from: state?.configs[name], to: value }))
    .filter((config) => config.from !== config.to && !isMore(config))
  return { topic, create: state === undefined, partitions: from < to ? { from, to } : undefined, configs }
}

function isMore({ name, from, to }: { name: string; from: string | undefined; to: string }): boolean {
  if (from === undefined || !RAISED_ONLY.has(name)) return false
  return Number(from) === -1 || (Number(to) !== -1 && Number(from) > Number(to))
}

/** As a person reads it, a line each. */
export function linesOf({ topic, create, partitions, configs }: TopicChange): string[] {
  if (create) {
    const settings = configs.map(({ name, to }) => `${name}=${to}`).join(' ')
    return [`+ ${topic}  ${partitions?.to} partitions  ${settings}`]
  }
  const grown = partitions ? [`~ ${topic}  partitions ${partitions.from} → ${partitions.to}`] : []
  return [...grown, ...configs.map(({ name, from, to }) => `~ ${topic}  ${name} ${from ?? '(unset)'} → ${to}`)]
}
