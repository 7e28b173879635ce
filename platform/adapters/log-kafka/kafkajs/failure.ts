import { KafkaFailure, NO_ANSWER } from '../failure.ts'

/** kafkajs has some of Kafka's names as they were once. */
const NOW: Readonly<Record<string, string>> = {
  NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER',
  GROUP_COORDINATOR_NOT_AVAILABLE: 'COORDINATOR_NOT_AVAILABLE',
  NOT_COORDINATOR_FOR_GROUP: 'NOT_COORDINATOR',
  GROUP_LOAD_IN_PROGRESS: 'COORDINATOR_LOAD_IN_PROGRESS',
}

const BY_NAME: Readonly<Record<string, string>> = {
  KafkaJSSASLAuthenticationError: 'SASL_AUTHENTICATION_FAILED',
  KafkaJSOffsetOutOfRange: 'OFFSET_OUT_OF_RANGE',
  KafkaJSServerDoesNotSupportApiKey: 'UNSUPPORTED_VERSION',
}

interface Thrown {
  readonly name?: string
  readonly type?: string
  readonly cause?: unknown
}

export function failureOf(error: unknown): KafkaFailure {
  for (let at = error as Thrown | undefined; at; at = at.cause as Thrown | undefined) {
    const kind = at.type ? (NOW[at.type] ?? at.type) : BY_NAME[at.name ?? '']
    if (kind) return new KafkaFailure(kind, error)
  }
  return new KafkaFailure(NO_ANSWER, error)
}
