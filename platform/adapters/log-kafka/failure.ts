import { messageOf, SentinelError } from '../../errors.ts'

/** Of a failure that no broker has told of: there is no connection, it broke, or no answer came. */
export const NO_ANSWER = 'NO_ANSWER'

/** What a broker refused, or that it did not answer: whatever a Kafka client throws becomes this. */
export class KafkaFailure extends Error {
  /** Kafka's own name of it, or `NO_ANSWER`. */
  readonly kind: string

  constructor(kind: string, cause: unknown, message = messageOf(cause)) {
    super(message, { cause })
    this.name = 'KafkaFailure'
    this.kind = kind
  }
}

/** The record itself is at fault, and stays so. */
const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'])

/** What brokers say of partitions that were made a moment ago, and of groups before their first offset. */
const NOT_YET = new Set([
  'NOT_LEADER_OR_FOLLOWER',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'COORDINATOR_LOAD_IN_PROGRESS',
])

/** What passes by itself, mostly within seconds: a broker that starts or stops, a leader that moves. */
const PASSING = new Set([
  ...NOT_YET,
  NO_ANSWER,
  'BROKER_NOT_AVAILABLE',
  'CORRUPT_MESSAGE',
  'FENCED_LEADER_EPOCH',
  'KAFKA_STORAGE_ERROR',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'REPLICA_NOT_AVAILABLE',
  'REQUEST_TIMED_OUT',
  'UNKNOWN_LEADER_EPOCH',
  'UNSTABLE_OFFSET_COMMIT',
])

/** A broker makes a hundred partitions in seconds, and on a busy machine in a minute. */
const THERE_WITHIN_MS = 120_000
const RETRY_MS = 250
/** Ever longer, five seconds together: as long as a caller can be left without an answer. */
const PAUSES_MS = [100, 200, 400, 800, 1600, 2000]

const ADVICE: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'Create the topics: sentinel topics apply.',
  TOPIC_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG to read and write the topic.',
  GROUP_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG to use the consumer group.',
  CLUSTER_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG this operation on the cluster.',
  SASL_AUTHENTICATION_FAILED: 'Correct the user and password in SENTINEL_LOG.',
  UNSUPPORTED_VERSION: 'Write client=kafkajs in SENTINEL_LOG: that client speaks to older brokers too.',
}

/** Kafka's own name of what went wrong, wherever in the chain of causes it stands. */
export function kindOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof KafkaFailure) return at.kind
  return undefined
}

/**
 * What failed, as deliveries understand it. Whatever an operator or time can mend is an outage: the work waits for it
 * instead of becoming a dead letter.
 */
export function logFailure(error: unknown): SentinelError {
  if (error instanceof SentinelError) return error
  const kind = kindOf(error) ?? ''
  if (REFUSED.has(kind)) {
    return new SentinelError('RECORD_REFUSED', `Kafka does not take the record: ${messageOf(error)}`, { cause: error })
  }
  const advice = ADVICE[kind] ?? 'It is tried again; see that the brokers run and can be reached.'
  return new SentinelError('LOG_UNAVAILABLE', `Kafka: ${messageOf(error)}. ${advice}`, { cause: error })
}

/** @throws SentinelError in place of a KafkaFailure. */
export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw logFailure(error)
  }
}

/** Tries again, ever more slowly, what passes by itself. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work()
    } catch (error) {
      if (!PASSING.has(kindOf(error) ?? '')) throw error
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  return work()
}

/** Tries again while brokers do not know of a topic yet that was made a moment ago. */
export async function onceThere<T>(work: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + THERE_WITHIN_MS; ; ) {
    try {
      return await work()
    } catch (error) {
      if (!NOT_YET.has(kindOf(error) ?? '') || Date.now() > end) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
