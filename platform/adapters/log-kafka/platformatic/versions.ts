import {
  apiVersionsV3,
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
import type { Line } from './line.ts'

/** One version of each, which every Kafka has since 3.0, and in which the package reads all that brokers write. */
const USED = [
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
]

interface Version {
  readonly key: number
  readonly version: number
}

/** @throws KafkaFailure `UNSUPPORTED_VERSION` for a broker that is too old. */
export async function checkVersions(line: Line, clientId: string): Promise<void> {
  const { apiKeys } = await line.ask(apiVersionsV3, [clientId, '1'])
  const isSpoken = ({ key, version }: Version): boolean =>
    apiKeys.some(({ apiKey, minVersion: min, maxVersion: max }) => apiKey === key && min <= version && version <= max)
  if (USED.every(({ api }) => isSpoken(api))) return
  throw new KafkaFailure('UNSUPPORTED_VERSION', new Error('The broker speaks no protocol of Kafka 3.0 or later'))
}
