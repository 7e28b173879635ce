import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { describe, test } from 'node:test'
import { ScaledJob } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledJob'
import { sql } from 'kysely'
import { parseAllDocuments } from 'yaml'
import { declaration as trainer } from '../../functions/trainer/function.ts'
import { variableOf } from '../../platform/env.ts'
import { root } from '../../platform/paths.ts'
import { runCli } from '../support/cli.ts'
import { mayReach, type Policy } from '../support/network-graph.ts'
import { freshDatabase } from '../support/postgres.ts'

// biome-ignore lint/suspicious/noExplicitAny: what YAML holds
type Manifest = any

const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0
const skip = hasKubectl ? false : 'kubectl is not installed here: the component was NOT built'

/** Staging with the component, as an overlay of one's own names it. */
function built(): Manifest[] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-overlay-')))
  const to = (path: string): string => relative(folder, join(root, 'deploy', path))
  const text = JSON.stringify({
    ...{ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' },
    ...{ resources: [to('overlays/staging')], components: [to('components/full-training')] },
  })
  writeFileSync(join(folder, 'kustomization.yaml'), text)
  try {
    const made = execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', maxBuffer: 1 << 25 })
    return parseAllDocuments(made).map((document) => document.toJS())
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const named = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((each) => each.kind === kind && each.metadata.name === name)

async function job(): Promise<Manifest> {
  const text = await readFile(join(root, 'deploy/components/full-training/job.yaml'), 'utf8')
  return named(
    parseAllDocuments(text).map((document) => document.toJS()),
    'ScaledJob',
    'full-training',
  )
}

describe('the component full-training', () => {
  test('adds a Job on a GPU that reaches what it needs, and tells the trainer to leave those trainings to it', {
    skip,
  }, () => {
    const manifests = built()
    const scaled = named(manifests, 'ScaledJob', 'full-training')
    assert.doesNotThrow(() => new ScaledJob(scaled).validate())
    const { env } = named(manifests, 'ScaledJob', 'trainer').spec.jobTargetRef.template.spec.containers[0]
    const told = env.find(({ name }: Manifest) => name === variableOf('trainFull'))
    assert.equal(trainer.config.parse({ trainFull: told.value }).trainFull, 'jobs')
    const policies = manifests.filter(({ kind }) => kind === 'NetworkPolicy') as Policy[]
    const pod = (name: string, namespace = 'sentinel-data') => ({
      namespace,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'sentinel' },
    })
    const reach = (to: Parameters<typeof mayReach>[2], port: number) =>
      mayReach(policies, pod('full-training', 'sentinel'), to, port)
    assert.deepEqual(
      [
        reach(pod('postgresql'), 5432),
        reach(pod('object-store'), 8333),
        reach(pod('kafka'), 9092),
        reach('outside', 443),
      ],
      [true, true, false, false],
    )
    assert.equal(mayReach(policies, { namespace: 'keda', labels: {} }, pod('postgresql'), 5432), true)
  })

  test('runs an image that is named, and a command that ends well where nothing waits', async (t) => {
    const { url } = await freshDatabase(t)
    const [container] = (await job()).spec.jobTargetRef.template.spec.containers
    const images = JSON.parse(await readFile(join(root, 'deploy/images.json'), 'utf8'))
    assert.equal(container.image, images['full-training'])
    const folder = mkdtempSync(join(tmpdir(), 'sentinel-full-job-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const args = container.args.map((each: string) => each.replace(/^\/(job|tmp)/, `${folder}/$1`))
    const { code, stderr } = await runCli(args, { DATABASE_URL: url })
    assert.deepEqual([code, stderr], [0, 'No training waits for a Job.\n'])
  })

  test('counts the trainings that wait for a Job, and no others', async (t) => {
    const { database } = await freshDatabase(t)
    const [{ metadata }] = (await job()).spec.triggers
    const waiting = async () =>
      Number((await sql.raw<{ count: string }>(metadata.query).execute(database)).rows[0]!.count)
    const add = (id: string, method: string, state: 'requested' | 'running' | 'failed', isTakenAlong = false) =>
      database
        .insertInto('training_runs')
        .values({
          ...{ id, dataset: 'd', parent: 'p', recipe: JSON.stringify({ method }), verdicts: [], reason: 'a test' },
          ...{ requested_by: 'ada', requested_at: new Date(), state, taken_along: isTakenAlong },
        })
        .execute()
    assert.equal(await waiting(), 0)
    await add('whole', 'whole', 'requested')
    await add('carried', 'full', 'requested', true)
    await add('over', 'full', 'failed')
    assert.equal(await waiting(), 0)
    await add('asked', 'full', 'requested')
    await add('begun', 'full', 'running')
    assert.equal(await waiting(), 2)
  })
})
