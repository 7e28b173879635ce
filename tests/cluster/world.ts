import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { OpenDatabase } from '../../platform/adapters/database-postgres.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { root } from '../../platform/paths.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { defineKinds } from './crds.ts'
import { BROKER, startEngines } from './engines.ts'
import { apply, built, get, kubectl, type Manifest, removeNamespaces } from './kubectl.ts'
import { makeSecrets } from './secrets.ts'

const NAMESPACES = ['sentinel', 'sentinel-data']
/** What comes once the Jobs are done, as Argo CD's waves have it. */
const LATER = ['Deployment', 'ScaledObject', 'ScaledJob', 'HorizontalPodAutoscaler']
/** Needs a Git remote that it may push to. */
export const NOT_RUN = ['model-promoter']
export const inSentinel = ['--namespace', 'sentinel']

export interface World {
  readonly log: KafkaLog
  readonly database: OpenDatabase
  readonly adminToken: string
  /** What is left to apply. */
  readonly later: readonly Manifest[]
}

/** Servers, namespaces and secrets; all of deploy/ but what waits for the Jobs. Gone after the test. */
export async function startWorld(t: TestContext, overlay: 'counted' | 'live'): Promise<World> {
  await defineKinds()
  await removeNamespaces(...NAMESPACES)
  const secrets = await makeSecrets(t)
  const database = await startEngines(t, secrets)
  defer(t, () => removeNamespaces(...NAMESPACES))
  // There is no MediaMTX here: cameras are read without it.
  await apply((await built(secrets.folder)).filter(({ metadata }) => !/media/.test(metadata.name)))
  const manifests = await built(join(root, 'tests', 'cluster', 'overlays', overlay))
  const isLater = ({ kind }: Manifest): boolean => LATER.includes(kind)
  await apply(manifests.filter((manifest) => !isLater(manifest)))
  const log = new KafkaLog(`kafka://${BROKER}`)
  defer(t, () => log.close())
  return { log, database, adminToken: secrets.adminToken, later: manifests.filter(isLater) }
}

/** Nothing scales, whatever the lag is, but to so many. */
export async function holdAt(name: string | '--all', replicas: number): Promise<void> {
  const hold = `autoscaling.keda.sh/paused-replicas=${replicas}`
  await kubectl(['annotate', ...inSentinel, '--overwrite', 'scaledobject', name, hold])
}

export async function letScale(name: string): Promise<void> {
  await kubectl(['annotate', ...inSentinel, 'scaledobject', name, 'autoscaling.keda.sh/paused-replicas-'])
}

/** Pods of a function that nobody has told to go. */
export async function podsOf(name: string): Promise<Manifest[]> {
  const { items } = await get(...inSentinel, 'pods', '-l', `app.kubernetes.io/name=${name}`)
  return items.filter(({ metadata }: Manifest) => !metadata.deletionTimestamp)
}

export function isReady({ status }: Manifest): boolean {
  return status.conditions?.some(({ type, status }: Manifest) => type === 'Ready' && status === 'True') ?? false
}

export async function untilGone(name: string, ms: number): Promise<void> {
  await eventually(
    async () => (await get(...inSentinel, 'pods', '-l', `app.kubernetes.io/name=${name}`)).items.length === 0,
    ms,
  )
}
