import assert from 'node:assert/strict'
import test from 'node:test'
import { parseAllDocuments } from 'yaml'
import { readAll } from '../env.ts'
import { adapters } from '../hosts/adapters.ts'
import { settingsFor } from '../hosts/alone/settings.ts'
import { functions } from '../hosts/functions.ts'
import { declaredHere } from './declared.ts'
import { renderManifests } from './render.ts'

const files = renderManifests(await declaredHere())

// biome-ignore lint/suspicious/noExplicitAny: what YAML holds
type Manifest = any

const manifests: readonly Manifest[] = [...files.values()].flatMap((text) =>
  parseAllDocuments(text).map((document) => document.toJS()),
)
const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind)

const pods: readonly (readonly [name: string, spec: Manifest])[] = [
  ...ofKind('Deployment').map(({ metadata, spec }) => [metadata.name, spec.template.spec] as const),
  ...ofKind('Service').map(({ metadata, spec }) => [metadata.name, spec.template.spec] as const),
  ...ofKind('ScaledJob').map(({ metadata, spec }) => [metadata.name, spec.jobTargetRef.template.spec] as const),
]

test('every function runs on what it declares, and those of Knative also without it', () => {
  const hosts = functions.map(({ declaration: { name, host } }) => ({ name, host }))
  const named = (host: string) => hosts.filter((one) => one.host === host).map(({ name }) => name)
  const names = (kind: string) => ofKind(kind).map(({ metadata }) => metadata.name)
  assert.deepEqual(names('Service').sort(), named('knative').sort())
  assert.deepEqual(names('KafkaSource').sort(), named('knative').sort())
  assert.deepEqual(names('ScaledJob').sort(), named('job').sort())
  assert.deepEqual(names('ScaledObject').sort(), [...named('kafka'), ...named('knative')].sort())
  assert.deepEqual(names('Deployment').sort(), names('ScaledObject').sort())
})

test('every container gets each setting that its function asks for', () => {
  for (const [name, { containers }] of pods) {
    const { declaration } = functions.find((fn) => fn.declaration.name === name)!
    const env = Object.fromEntries(
      containers[0].env.map((one: Manifest) => [one.name, one.value ?? EXAMPLES[one.name]]),
    )
    assert.doesNotThrow(
      () => readAll([settingsFor(declaration.needs, adapters), declaration.config], { ...env, ...MODEL }),
      name,
    )
  }
})

const EXAMPLES: Readonly<Record<string, string>> = {
  SENTINEL_LOG: 'kafka://kafka:9092',
  DATABASE_URL: 'postgres://sentinel@postgresql/sentinel',
  SENTINEL_OBJECTS: 's3://key:secret@object-store:8333',
  SENTINEL_SECRET_KEY: Buffer.alloc(32).toString('base64'),
  SENTINEL_GIT_REMOTE: 'https://git.example/deploy.git',
}
const MODEL = { SENTINEL_MODEL: 'a'.repeat(64) }

test('every Pod keeps to the restricted standard, has probes, bounds and a name of its own', () => {
  for (const [name, { containers, serviceAccountName, automountServiceAccountToken }] of pods) {
    const [{ securityContext, resources, readinessProbe, image }] = containers
    assert.equal(serviceAccountName, name)
    assert.equal(automountServiceAccountToken, false)
    assert.deepEqual(securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    })
    assert.deepEqual(Object.keys(resources.requests), Object.keys(resources.limits))
    assert.equal(readinessProbe.httpGet.path, '/readyz')
    assert.match(image, /:\d+\.\d+\.\d+$|@sha256:/)
  }
})

test('a Pod is killed only after the process has given up by itself', () => {
  for (const { spec } of ofKind('Deployment')) {
    const { terminationGracePeriodSeconds: grace, containers } = spec.template.spec
    assert.ok(grace > graceOf(containers[0]))
  }
  for (const { spec } of ofKind('Service')) {
    const { timeoutSeconds, containers } = spec.template.spec
    assert.ok(timeoutSeconds > graceOf(containers[0]))
  }
})

function graceOf({ env }: Manifest): number {
  return Number(env.find(({ name }: Manifest) => name === 'SENTINEL_GRACE_SECONDS').value)
}

test('the lag of each topic that a function takes wakes it, from the first event on', () => {
  for (const { metadata, spec } of [...ofKind('ScaledObject'), ...ofKind('ScaledJob')]) {
    const { on } = functions.find(({ declaration }) => declaration.name === metadata.name)!.declaration
    const topics = spec.triggers.map(({ metadata: { topic } }: Manifest) => topic)
    assert.deepEqual(new Set(topics), new Set(on.map(({ topic }: { topic: string }) => topic)), metadata.name)
    for (const { metadata: trigger } of spec.triggers) {
      assert.equal(trigger.consumerGroup, metadata.name)
      assert.equal(trigger.activationLagThreshold, '0')
      assert.equal(trigger.offsetResetPolicy, 'earliest')
    }
  }
})

test('a Knative revision is named by what it holds, and gets all of the traffic', async () => {
  const declared = await declaredHere()
  const next = renderManifests({ ...declared, images: { ...declared.images, functions: 'sentinel/functions:0.2.0' } })
  const revisionIn = (text: string | undefined) => /revisionName: (\S+)/.exec(text ?? '')?.[1]
  const path = 'knative/triage-router/triage-router.yaml'
  assert.match(revisionIn(files.get(path))!, /^triage-router-[0-9a-f]{8}$/)
  assert.notEqual(revisionIn(next.get(path)), revisionIn(files.get(path)))
  assert.equal(next.get('keda/detect/detect.yaml'), files.get('keda/detect/detect.yaml'))
})

test('traffic is split between revisions that are named', async () => {
  const traffic = {
    'triage-router': [
      { revision: 'triage-router-1', percent: 90 },
      { revision: 'triage-router-2', percent: 10 },
    ],
  }
  const text = renderManifests({ ...(await declaredHere()), traffic }).get('knative/triage-router/triage-router.yaml')!
  const [service] = parseAllDocuments(text).map((document) => document.toJS())
  assert.deepEqual(service.spec.traffic, [
    { revisionName: 'triage-router-1', percent: 90 },
    { revisionName: 'triage-router-2', percent: 10 },
  ])
})

test('a function may reach the engines that it needs and nothing else', () => {
  const reached = (name: string) =>
    ofKind('NetworkPolicy')
      .find(({ metadata }) => metadata.name === name)
      .spec.egress.map(
        ({ to: [{ podSelector, ipBlock }] }: Manifest) =>
          podSelector?.matchLabels['app.kubernetes.io/name'] ?? ipBlock.cidr,
      )
  assert.deepEqual(reached('detect'), ['kafka', 'object-store'])
  assert.deepEqual(reached('event-store'), ['kafka', 'postgresql'])
  assert.deepEqual(new Set(reached('frame-grabber')), new Set(['kafka', 'postgresql', 'mediamtx', '0.0.0.0/0']))
})
