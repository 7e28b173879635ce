import { messageOf, SentinelError } from '../../errors.ts'

/** The record itself is at fault, and stays so. */
const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP'])

/** A broker makes a hundred partitions in seconds, and on a busy machine in a minute. */
const THERE_WITHIN_MS = 120_000
const RETRY_MS = 250
/** What brokers say of partitions that were made a moment ago, and of groups before their first offset. */
const NOT_YET = new Set([
  'NOT_LEADER_FOR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
  'GROUP_LOAD_IN_PROGRESS',
])

const ADVICE: Readonly<Record<string, string>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'Create the topics: sentinel topics apply.',
  TOPIC_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG to read and write the topic.',
  GROUP_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG to use the consumer group.',
  CLUSTER_AUTHORIZATION_FAILED: 'Allow the user of SENTINEL_LOG this operation on the cluster.',
  SASL_AUTHENTICATION_FAILED: 'Correct the user and password in SENTINEL_LOG.',
}

interface KafkaFailure {
  readonly name?: string
  readonly type?: string
  readonly cause?: unknown
}

/** Kafka's own name of what went wrong, wherever in the chain of causes it stands. */
export function kindOf(error: unknown): string | undefined {
  for (let at = error as KafkaFailure | undefined; at; at = at.cause as KafkaFailure | undefined) {
    if (at.type) return at.type
    if (at.name === 'KafkaJSSASLAuthenticationError') return 'SASL_AUTHENTICATION_FAILED'
    if (at.name === 'KafkaJSOffsetOutOfRange') return 'OFFSET_OUT_OF_RANGE'
  }
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

/** @throws SentinelError in place of what kafkajs throws. */
export async function classified<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw logFailure(error)
  }
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
