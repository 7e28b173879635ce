import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { root } from '../../platform/paths.ts'
import { deploymentIn } from '../../platform/rollout/deployment.ts'
import { mayReach, type Pod, type Policy } from '../support/network-graph.ts'
import { kustomization } from '../support/overlays.ts'

// biome-ignore lint/suspicious/noExplicitAny: what YAML holds
type Manifest = any

const hasKubectl = canRun('kubectl')
const skip = hasKubectl ? false : 'kubectl is not installed here: the overlays were NOT built'

/** Packages with the schema of each group; what is in none of them comes from an operator without one. */
const PACKAGES: Readonly<Record<string, string>> = {
  'keda.sh': '@kubernetes-models/keda/',
  'serving.knative.dev': '@kubernetes-models/knative/',
  'argoproj.io': '@kubernetes-models/argo-cd/',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator/',
}
const UNTYPED = ['sources.knative.dev', 'eventing.knative.dev', 'kafka.strimzi.io']

const built = new Map<string, Manifest[]>()
function build(folder: string): Manifest[] {
  const known = built.get(folder)
  if (known) return known
  const manifests = kustomize(join(root, 'deploy', folder))
  built.set(folder, manifests)
  return manifests
}

function kustomize(folder: string): Manifest[] {
  const text = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  return parseAllDocuments(text).map((document) => document.toJS())
}

const OVERLAYS = ['overlays/local', 'overlays/staging', 'overlays/production']

describe('what kustomize builds', { skip }, () => {
  for (const folder of [...OVERLAYS, 'argocd', 'argocd/children']) {
    test(`${folder} keeps to the schema of every kind that has one`, async () => {
      const manifests = build(folder)
      assert.ok(manifests.length > 0)
      for (const manifest of manifests) await validate(manifest)
    })
  }

  for (const folder of OVERLAYS) {
    test(`every Pod of ${folder} keeps to the restricted standard, has bounds, and tells how it does`, () => {
      for (const [name, spec, isJob] of podsOf(build(folder))) {
        assert.equal(spec.automountServiceAccountToken, false, name)
        for (const container of spec.containers) {
          assertRestricted(name, { ...container.securityContext, ...spec.securityContext })
          assertBounded(name, container)
          if (!isJob) assert.ok(container.readinessProbe, name)
        }
      }
    })

    test(`${folder} runs the images of deploy/images.json`, () => {
      const named = new Set(Object.values(JSON.parse(textOf('images.json'))))
      for (const [name, { containers }] of podsOf(build(folder))) {
        const { image } = containers[0]
        assert.ok(!image.startsWith('sentinel/') || named.has(image), `${name} runs ${image}`)
      }
    })

    test(`${folder} names no ConfigMap and no Secret that nobody makes`, () => {
      const manifests = build(folder)
      const made = new Set([
        ...manifests.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name),
        ...secretsOf('examples/secrets/kustomization.yaml'),
        // Only who promotes by a Git remote has it.
        'sentinel-git',
      ])
      for (const [name, spec] of podsOf(manifests)) {
        for (const used of namesUsedBy(spec)) assert.ok(made.has(used), `${name} needs ${used}`)
      }
    })
  }

  test('a component adds what it says', () => {
    const detect = (folder: string) =>
      build(folder).find(({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === 'detect')
    assert.equal(detect('overlays/production').spec.triggers[0].metadata.sasl, 'scram_sha512')
    assert.equal(detect('overlays/staging').spec.triggers[0].metadata.sasl, 'none')
    assert.equal(detect('overlays/local').spec.maxReplicaCount, 2)
    const triggers = build('overlays/production')
      .filter(({ kind }) => kind === 'ScaledObject')
      .flatMap(({ spec }) => spec.triggers)
    for (const { metadata } of triggers) assert.equal(metadata.bootstrapServers, 'kafka.example:9093')
  })

  for (const [component, kind, brokers] of [
    ['strimzi', 'Kafka', { 'strimzi.io/cluster': 'sentinel' }],
    ['redpanda-operator', 'Redpanda', labels('kafka')],
  ] as const) {
    test(`${component} puts brokers where they are looked for and can be reached, in place of the one`, async (t) => {
      const components = [`deploy/components/${component}`]
      const manifests = kustomize(await kustomization(t, { resources: ['deploy/overlays/staging'], components }))
      assert.equal(manifests.find((each) => each.kind === kind).metadata.namespace, 'sentinel-data')
      assert.ok(!manifests.some(({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'kafka'))
      const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy') as Policy[]
      const broker: Pod = { namespace: 'sentinel-data', labels: brokers }
      const detect: Pod = { namespace: 'sentinel', labels: labels('detect') }
      assert.equal(mayReach(policies, detect, broker, 9092), true)
      assert.equal(mayReach(policies, broker, broker, 9093), true)
      assert.equal(mayReach(policies, { namespace: 'default', labels: {} }, broker, 9092), false)
    })
  }

  test('the Pods start anew when another model is promoted', () => {
    const detect = build('overlays/local').find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'detect',
    )
    const names = detect.spec.template.spec.containers[0].envFrom.map(({ configMapRef }: Manifest) => configMapRef.name)
    assert.match(names.at(-1), /^sentinel-model-[a-z0-9]{10}$/)
  })

  test('each reaches what it needs and nothing else', () => {
    const policies = build('overlays/staging').filter(({ kind }) => kind === 'NetworkPolicy') as Policy[]
    const functionPod = (name: string): Pod => ({ namespace: 'sentinel', labels: labels(name) })
    const server = (name: string): Pod => ({ namespace: 'sentinel-data', labels: labels(name) })
    const reach = (from: Pod, to: Pod | 'outside', port: number) => mayReach(policies, from, to, port)

    assert.equal(reach(functionPod('detect'), server('kafka'), 9092), true)
    assert.equal(reach(functionPod('detect'), server('object-store'), 8333), true)
    assert.equal(reach(functionPod('detect'), server('postgresql'), 5432), false)
    assert.equal(reach(functionPod('detect'), 'outside', 443), false)
    assert.equal(reach(functionPod('event-store'), server('postgresql'), 5432), true)
    assert.equal(reach(functionPod('frame-grabber'), 'outside', 554), true)
    assert.equal(reach(functionPod('frame-grabber'), functionPod('api'), 4100), false)
    for (const port of [8888, 9997]) assert.equal(reach(functionPod('api'), server('mediamtx'), port), true)
    assert.equal(reach(functionPod('frame-grabber'), server('mediamtx'), 8888), false)
    assert.equal(reach({ namespace: 'ingress-nginx', labels: {} }, server('mediamtx'), 8888), false)
    assert.equal(reach(server('postgresql'), 'outside', 443), false)
    assert.equal(reach(server('mediamtx'), 'outside', 554), true)
    assert.equal(reach({ namespace: 'keda', labels: {} }, server('kafka'), 9092), true)
    assert.equal(reach({ namespace: 'keda', labels: {} }, server('postgresql'), 5432), false)
    assert.equal(reach({ namespace: 'ingress-nginx', labels: {} }, functionPod('api'), 4100), true)
    assert.equal(reach({ namespace: 'default', labels: {} }, functionPod('api'), 4100), false)
    assert.equal(reach({ namespace: 'knative-serving', labels: {} }, functionPod('triage-router'), 8012), true)
    for (const job of ['migrations', 'topics', 'buckets', 'model']) {
      const ports = [5432, 9092, 8333].map((port, n) =>
        reach(functionPod(job), server(['postgresql', 'kafka', 'object-store'][n]!), port),
      )
      assert.ok(ports.some(Boolean), job)
    }
  })
})

function assertRestricted(name: string, context: Manifest): void {
  const { runAsNonRoot, seccompProfile, readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities } = context
  assert.equal(runAsNonRoot, true, name)
  assert.equal(seccompProfile.type, 'RuntimeDefault', name)
  assert.equal(readOnlyRootFilesystem, true, name)
  assert.equal(allowPrivilegeEscalation, false, name)
  assert.deepEqual(capabilities, { drop: ['ALL'] }, name)
}

function assertBounded(name: string, { image, resources }: Manifest): void {
  assert.match(image, /(:v?\d+\.\d+(\.\d+)?|@sha256:[0-9a-f]{64})$/, name)
  for (const bound of ['requests', 'limits']) {
    assert.ok(resources[bound].cpu && resources[bound].memory, `${name}: ${bound}`)
  }
}

test('every function has a folder that Argo CD makes an Application of', () => {
  const folders = readdirSync(join(root, 'deploy/functions'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  const rendered = ['keda', 'knative'].flatMap((host) => foldersIn(host))
  assert.deepEqual(new Set(folders.map(({ name }) => name)), new Set([...rendered, 'dead-letters']))
})

test('the model that a fresh cluster runs is one that the promoter can read', () => {
  assert.equal(deploymentIn(textOf('model/kustomization.yaml')).model.name, 'base')
})

function foldersIn(host: string): string[] {
  const entries = readdirSync(join(root, host), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory() && entry.name !== 'without-knative').map(({ name }) => name)
}

function textOf(path: string): string {
  return readFileSync(join(root, 'deploy', path), 'utf8')
}

function secretsOf(path: string): string[] {
  const [document] = parseAllDocuments(textOf(path))
  return (document!.toJS() as Manifest).secretGenerator.map(({ name }: Manifest) => name)
}

function labels(name: string): Pod['labels'] {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'sentinel' }
}

function podsOf(manifests: readonly Manifest[]): [name: string, spec: Manifest, isJob: boolean][] {
  return manifests.flatMap(({ kind, metadata, spec }): [string, Manifest, boolean][] => {
    if (kind === 'Service' && !spec.template) return []
    const isJob = kind === 'Job' || kind === 'ScaledJob'
    const template = spec?.template ?? spec?.jobTargetRef?.template
    return template?.spec?.containers ? [[`${kind} ${metadata.name}`, template.spec, isJob]] : []
  })
}

function namesUsedBy({ containers, volumes = [] }: Manifest): string[] {
  const inEnvironment = containers.flatMap(({ env = [], envFrom = [] }: Manifest) => [
    ...env.map(({ valueFrom }: Manifest) => valueFrom?.secretKeyRef),
    ...envFrom.map(({ configMapRef }: Manifest) => configMapRef),
  ])
  const mounted = volumes.map(({ secret }: Manifest) => secret && { name: secret.secretName })
  return [...inEnvironment, ...mounted].filter((ref) => ref && !ref.optional).map(({ name }) => name)
}

async function validate(manifest: Manifest): Promise<void> {
  const [group, version] = manifest.apiVersion.includes('/')
    ? manifest.apiVersion.split('/')
    : ['', manifest.apiVersion]
  if (UNTYPED.includes(group)) return
  const path = `${PACKAGES[group] ?? 'kubernetes-models/'}${group ? `${group}/` : ''}${version}/${manifest.kind}`
  const Kind = (await import(path))[manifest.kind]
  assert.doesNotThrow(() => new Kind(manifest).validate(), `${manifest.kind} ${manifest.metadata.name}`)
}

function canRun(command: string): boolean {
  try {
    execFileSync(command, ['version', '--client'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
