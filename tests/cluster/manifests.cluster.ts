import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root } from '../../platform/paths.ts'
import { kustomization } from '../support/overlays.ts'
import { defineKinds, UNDEFINED_KINDS } from './crds.ts'
import { apply, built, kubectl, listOf, type Manifest, removeNamespaces, tried } from './kubectl.ts'
import { makeSecrets } from './secrets.ts'

const deploy = join(root, 'deploy')
const NAMESPACES = ['sentinel', 'sentinel-data', 'argocd']
const DRY_RUN = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-']

const undefined_ = new Set<string>(UNDEFINED_KINDS)
const kindOf = ({ apiVersion, kind }: Manifest): string => `${apiVersion} ${kind}`

/** All that the API server knows the kind of is accepted by it, to the last field; @returns how many that were. */
async function assertAccepted(manifests: readonly Manifest[]): Promise<number> {
  const known = manifests.filter((manifest) => !undefined_.has(kindOf(manifest)))
  const { code, complaints } = await tried(DRY_RUN, listOf(known))
  assert.equal(code, 0, complaints)
  // A warning is what the server would rather not see: a deprecated version, or Pods that its standard refuses.
  assert.doesNotMatch(complaints, /^Warning:/m)
  return known.length
}

/** The Pods that come of it, each as if somebody made it by hand: nothing but its own namespace's standard decides. */
function podsOf(manifests: readonly Manifest[]): Manifest[] {
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const template = spec?.template ?? spec?.jobTargetRef?.template
    if (kind === 'Service' || !template?.spec?.containers) return []
    const { serviceAccountName, volumes = [], ...pod } = template.spec
    const claimed = (spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }: Manifest) => ({
      name,
      emptyDir: {},
    }))
    const named = { name: metadata.name, namespace: metadata.namespace, labels: template.metadata.labels }
    return [{ apiVersion: 'v1', kind: 'Pod', metadata: named, spec: { ...pod, volumes: [...volumes, ...claimed] } }]
  })
}

function capable({ securityContext: { capabilities, ...context }, ...container }: Manifest): Manifest {
  return { ...container, securityContext: context }
}

describe('a real API server', () => {
  before(async () => {
    await defineKinds()
    await apply(NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })))
    const overlay = await built(join(deploy, 'overlays/local'))
    await apply(overlay.filter(({ kind }) => kind === 'Namespace'))
  })
  after(() => removeNamespaces(...NAMESPACES))

  for (const folder of ['overlays/local', 'overlays/staging', 'overlays/production', 'argocd', 'argocd/children']) {
    test(`accepts all of ${folder}, to the last field`, async (t) => {
      const manifests = await built(join(deploy, folder))
      const accepted = await assertAccepted(manifests)
      const left = new Set(manifests.map(kindOf).filter((kind) => undefined_.has(kind)))
      t.diagnostic(
        `${folder}: ${accepted} of ${manifests.length} accepted; without a definition: ${[...left].join(', ') || 'none'}`,
      )
    })
  }

  for (const component of ['gpu', 'strimzi', 'redpanda-operator']) {
    test(`accepts staging with the component ${component}`, async (t) => {
      const resources = ['deploy/overlays/staging']
      const components = [`deploy/components/${component}`]
      assert.ok((await assertAccepted(await built(await kustomization(t, { resources, components })))) > 0)
    })
  }

  test('accepts the secrets of a laptop as they are made', async (t) => {
    await assertAccepted(await built((await makeSecrets(t)).folder))
  })

  test('takes every Pod of every overlay under the restricted standard', async () => {
    for (const overlay of ['local', 'staging', 'production']) {
      const pods = podsOf(await built(join(deploy, 'overlays', overlay)))
      assert.ok(pods.length >= 10)
      const { code, complaints } = await tried(DRY_RUN, listOf(pods))
      assert.equal(code, 0, complaints)
    }
  })

  for (const [what, loosened] of [
    ['may be root', (pod: Manifest) => ({ ...pod, securityContext: { ...pod.securityContext, runAsNonRoot: false } })],
    ['keeps its capabilities', (pod: Manifest) => ({ ...pod, containers: pod.containers.map(capable) })],
    ['shares the network of its node', (pod: Manifest) => ({ ...pod, hostNetwork: true })],
  ] as const) {
    test(`refuses a Pod that ${what}`, async () => {
      const pod = podsOf(await built(join(deploy, 'overlays/local'))).find(({ metadata }) => metadata.name === 'api')
      const { code, complaints } = await tried(DRY_RUN, JSON.stringify({ ...pod, spec: loosened(pod.spec) }))
      assert.equal(code, 1)
      assert.match(complaints, /violates PodSecurity "restricted:latest"/)
    })
  }

  test('refuses a field that nobody knows, in a kind of its own and in one of an operator', async () => {
    const manifests = await built(join(deploy, 'overlays/staging'))
    for (const kind of ['Deployment', 'ScaledObject', 'Service serving', 'PodMonitor']) {
      const [wanted, group = ''] = kind.split(' ')
      const manifest = manifests.find((each) => each.kind === wanted && each.apiVersion.startsWith(group))
      manifest.spec.unheardOf = true
      const { code, complaints } = await tried(DRY_RUN, JSON.stringify(manifest))
      assert.equal(code, 1, kind)
      assert.match(complaints, /unheardOf/, kind)
    }
  })

  test('makes the namespaces before anything is put into them', async () => {
    assert.match(await kubectl(['get', 'namespace', 'sentinel', '-o', 'yaml']), /enforce: restricted/)
  })
})
