const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MIB = 1024 * 1024

export interface Topic {
  /** Partitions in production; the embedded log uses fewer. */
  readonly partitions: number
  readonly retentionMs: number
  /** Per topic in the embedded log, per partition in production. */
  readonly retentionBytes: number
  /** A volatile topic lives in memory in the embedded log and is bounded whatever happens to its consumer. */
  readonly durable: boolean
  /** Of the records on Kafka: documents shrink to a fraction, pictures do not. */
  readonly compression: 'zstd' | 'none'
}

const durable = (retentionMs: number, retentionBytes = 256 * MIB): Topic => ({
  partitions: 12,
  retentionMs,
  retentionBytes,
  durable: true,
  compression: 'zstd',
})

export const topics = {
  // A grabber holds leases for hours: more of them than elsewhere share the work.
  'cameras.watch': { ...durable(HOUR, 16 * MIB), partitions: 240 },
  frames: { partitions: 12, retentionMs: MINUTE, retentionBytes: 128 * MIB, durable: false, compression: 'none' },
  'events.cameras': durable(7 * DAY),
  'events.detections': durable(7 * DAY, 1024 * MIB),
  'events.triage': durable(30 * DAY),
  'events.verdicts': durable(90 * DAY),
  'events.annotations': durable(90 * DAY),
  'events.training': durable(90 * DAY),
  'events.models': durable(90 * DAY),
  'events.shadow': durable(7 * DAY),
  'events.traffic': durable(30 * DAY),
  'events.alerts': durable(30 * DAY),
  'events.audit': durable(90 * DAY),
  'dlq-events': durable(30 * DAY),
} satisfies Record<string, Topic>

export type TopicName = keyof typeof topics

export const topicNames = Object.keys(topics) as TopicName[]
