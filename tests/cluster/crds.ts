import { execFile } from 'node:child_process'
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { eventually } from '../support/log.ts'
import { kubectl, type Manifest, tried } from './kubectl.ts'

const execute = promisify(execFile)

const ESTABLISHED_WITHIN_MS = 120_000

interface Source {
  /** Of Go, from its proxy, which publishes the operators' own definitions with their code. */
  readonly module: string
  readonly version: string
  readonly files: string
  readonly names: readonly string[]
}

/** Definitions that the cluster lacks. KEDA's it brings itself. */
const SOURCES: readonly Source[] = [
  {
    module: 'knative.dev/serving',
    version: 'v0.51.0',
    files: 'config/core/300-resources/*.yaml',
    names: ['services.serving.knative.dev'],
  },
  {
    module: 'github.com/argoproj/argo-cd/v3',
    version: 'v3.5.7',
    files: 'manifests/crds/*.yaml',
    names: ['applications.argoproj.io', 'applicationsets.argoproj.io', 'appprojects.argoproj.io'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    files: 'example/prometheus-operator-crd/*.yaml',
    names: ['podmonitors.monitoring.coreos.com', 'prometheusrules.monitoring.coreos.com'],
  },
]

/** Kinds whose definitions no package registry has: nobody but a cluster with their operator can check them. */
export const UNDEFINED_KINDS = [
  'sources.knative.dev/v1 KafkaSource',
  'eventing.knative.dev/v1alpha1 KafkaSink',
  'kafka.strimzi.io/v1 Kafka',
  'kafka.strimzi.io/v1 KafkaNodePool',
  'cluster.redpanda.com/v1alpha2 Redpanda',
] as const

/** Has Go fetch and verify them; needs the network, which the cluster has not. */
export async function fetchDefinitions(): Promise<Manifest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-crds-'))
  try {
    const found = await Promise.all(SOURCES.map((source) => definitionsOf(source, folder)))
    return found.flat()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function definitionsOf({ module, version, files, names }: Source, cwd: string): Promise<Manifest[]> {
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' }
  const { stdout } = await execute('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd, env })
  const { Dir } = JSON.parse(stdout) as { Dir: string }
  const paths = (await Array.fromAsync(glob(files, { cwd: Dir }))).map((path) => join(Dir, path))
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  const definitions = texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest))
    .filter((manifest) => manifest?.kind === 'CustomResourceDefinition' && names.includes(manifest.metadata.name))
  if (definitions.length !== names.length) throw new Error(`${module}@${version} has not all of ${names.join(', ')}`)
  return definitions
}

/** Gives the API server what `npm run test:cluster` has fetched. */
export async function defineKinds(): Promise<void> {
  const definitions = process.env.SENTINEL_TEST_DEFINITIONS
  if (!definitions) throw new Error('There is no SENTINEL_TEST_DEFINITIONS. Run these tests with npm run test:cluster.')
  await kubectl(['apply', '--server-side', '--force-conflicts', '-f', definitions])
  // A definition that nobody has looked at yet has no conditions, and kubectl does not wait for them.
  const wait = ['wait', '--for=condition=Established', '--timeout=10s', 'crd', '--all']
  await eventually(async () => (await tried(wait)).code === 0, ESTABLISHED_WITHIN_MS)
}
