import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { EmbeddedLog } from '../../platform/adapters/log-embedded/embedded-log.ts'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { imageKey } from '../../platform/datasets/keys.ts'
import { readDataset } from '../../platform/datasets/store.ts'
import { fromRecord } from '../../platform/events/codec.ts'
import { digestOf } from '../../platform/models/store.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { noGit, startGitServer } from '../support/git-server.ts'
import { eventually, readTopic } from '../support/log.ts'
import { freshDatabase } from '../support/postgres.ts'
import { addReviewItems } from '../support/review.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { tinyYolox } from '../support/tiny-yolox.ts'

const CLASSES = ['car', 'bus']
const ITEMS = 6
/** Each starts Sentinel several times, which a machine with much else to do takes minutes for. */
const PATIENCE_MS = 400_000

/** Sentinel without cameras, on a database that the test reads too; what it is killed in stays for the next start. */
async function world(t: TestContext, more: Record<string, string> = {}) {
  const { database, url } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-faults-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const model = join(folder, 'tiny.onnx')
  await writeFile(model, tinyYolox(CLASSES))
  const digest = digestOf(tinyYolox(CLASSES))
  const objects = new FileObjects(join(data, 'objects'))
  const args = ['--port', '0', '--data-dir', data, '--cameras', 'none', '--model', model]
  const env = {
    DATABASE_URL: url,
    SENTINEL_TRAIN_BUDGET: '0',
    SENTINEL_PROMOTE: 'none',
    SENTINEL_SHADOW_FRAMES: '0',
    ...more,
  }
  const start = async (): Promise<Started> => {
    const started = await startSentinel(args, env)
    defer(t, () => started.stop('SIGKILL'))
    return started
  }
  const cli = (...rest: string[]) => runCli([...rest, '--data-dir', data, '--json'], env)
  return { database, objects, folder, data, model: digest, start, cli }
}

async function judge(sentinel: Started, item: number): Promise<void> {
  const query = 'mutation ($i: RecordVerdictInput!) { recordVerdict(input: $i) { errors { message } } }'
  const { data } = await ask(sentinel, query, { i: { itemId: `review-${item}`, verdict: 'CONFIRM' } })
  assert.deepEqual(data.recordVerdict.errors, [])
}

async function train(sentinel: Started): Promise<string> {
  const { data } = await ask(sentinel, 'mutation { startTraining { run { id } errors { message } } }')
  assert.deepEqual(data.startTraining.errors, [])
  return data.startTraining.run.id
}

/** Whom events of a type are about, once for each event, in order. */
async function told(directory: string, kind: 'training' | 'model', what: string): Promise<string[]> {
  const log = await EmbeddedLog.open({ directory: join(directory, 'log'), clock: systemClock })
  const records = await readTopic(log, kind === 'training' ? 'events.training' : 'events.models')
  await log.close()
  const events = records
    .map((record) => fromRecord(record))
    .filter(({ type }) => type === `sentinel.${kind}.${what}.v1`)
  return [...new Map(events.map(({ id, subject }) => [id, subject])).values()].sort()
}

describe('faults of the learning loop', () => {
  test('killed after a verdict, and in the middle of a training: one annotation a verdict, one run, one model; what is taken back or damaged is told', {
    timeout: PATIENCE_MS,
  }, async (t) => {
    const { database, objects, data, model, start, cli } = await world(t)
    const run = (id: string) =>
      database.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const ended = async (id: string) => {
      await eventually(async () => ['completed', 'failed'].includes((await run(id)).state), 60_000)
      return run(id)
    }
    const standing = async () =>
      (await database.selectFrom('annotations').selectAll().where('stands', '=', true).execute()).length
    await addReviewItems({ database, objects }, ITEMS + 1)
    await database.updateTable('triage_items').set({ model_digest: model }).execute()

    // Between the verdicts and what comes of them.
    let sentinel = await start()
    for (let item = 0; item < ITEMS - 1; item++) await judge(sentinel, item)
    await sentinel.stop('SIGKILL')
    sentinel = await start()
    await eventually(async () => (await standing()) === ITEMS - 1)

    // In the middle of a training.
    const id = await train(sentinel)
    await eventually(async () => (await run(id)).progress !== null)
    await sentinel.stop('SIGKILL')
    assert.equal((await run(id)).state, 'running')
    sentinel = await start()
    const first = await ended(id)
    assert.deepEqual([first.state, first.failure], ['completed', null])
    const lineages = await database.selectFrom('model_lineage').selectAll().execute()
    assert.deepEqual(
      lineages.map(({ run, parent, digest }) => [run, parent, digest]),
      [[id, model, first.model]],
    )
    assert.equal((await database.selectFrom('training_runs').select('id').execute()).length, 1)

    // Taken back after it was learnt.
    const entries = async (digest: string) => (await readDataset(objects, digest)).entries
    const { verdictId } = (await entries(first.dataset))[0]!
    const annotations = database.selectFrom('annotations').select(['item_id', 'image'])
    const taught = await annotations.where('verdict_id', '=', verdictId!).executeTakeFirstOrThrow()
    const undo = 'mutation ($id: ID!) { undoVerdict(input: { itemId: $id }) { errors { message } } }'
    assert.deepEqual((await ask(sentinel, undo, { id: taught.item_id })).data.undoVerdict.errors, [])
    await eventually(async () => (await standing()) === ITEMS - 2)
    const second = await ended(await train(sentinel))
    assert.equal(second.state, 'completed')
    const has = async (digest: string) => (await entries(digest)).some(({ image }) => image === taught.image)
    assert.deepEqual([await has(first.dataset), await has(second.dataset)], [true, false])
    const line = `{ modelLineage(digest: "${first.model}") { teachings { itemId withdrawnAt models { digest } } } }`
    const lineage = (await ask(sentinel, line)).data.modelLineage
    const taken = lineage[0].teachings.find((each: { itemId: string }) => each.itemId === taught.item_id)
    assert.ok(taken.withdrawnAt)
    assert.deepEqual(taken.models, [{ digest: first.model }])

    // A picture is damaged, found, and restored.
    await judge(sentinel, ITEMS - 1)
    await eventually(async () => (await standing()) === ITEMS - 1)
    const { image } = (await entries(second.dataset))[0]!
    const picture = (await objects.get('sentinel-datasets', imageKey(image)))!
    await objects.put('sentinel-datasets', imageKey(image), Buffer.from('damaged'))
    const third = await train(sentinel)
    const failed = await ended(third)
    assert.deepEqual([failed.state, failed.model], ['failed', null])
    assert.match(failed.failure!, new RegExp(`picture ${image} of the dataset is damaged\\. Restore it`))
    const verified = await cli('dataset', 'verify', failed.dataset)
    assert.equal(verified.code, 1)
    assert.match(verified.stdout + verified.stderr, new RegExp(image))
    await objects.put('sentinel-datasets', imageKey(image), picture)
    assert.equal(await train(sentinel), third)
    assert.equal((await ended(third)).state, 'completed')
    assert.equal(await sentinel.stop(), 0)

    // However often it was begun, each end was told once.
    assert.deepEqual(await told(data, 'training', 'completed'), [id, second.id, third].sort())
    assert.deepEqual(await told(data, 'training', 'failed'), [third])
    assert.equal((await told(data, 'model', 'registered')).filter((digest) => digest === first.model).length, 1)
  })

  test('killed between the commit and its exchange with a remote that is away: the next start runs and sends it once', {
    skip: noGit,
    timeout: PATIENCE_MS,
  }, async (t) => {
    const login = { username: 'sentinel', password: 'a-secret-token' }
    const server = await startGitServer(t, { login })
    const remote = server.url.replace('://', `://${login.username}:${login.password}@`)
    const { folder, start, cli } = await world(t, { SENTINEL_GIT_REMOTE: remote, SENTINEL_GIT_TIMEOUT: '1' })
    let sentinel = await start()
    const story = () => server.git('log', '--format=%s', 'main')
    await eventually(async () => (await story()) === 'Start with tiny\n')
    const other = join(folder, 'other.onnx')
    await writeFile(other, tinyYolox(['bus', 'car']))
    const { digest } = JSON.parse((await cli('model', 'add', other, '--name', 'other')).stdout)

    server.become('silent')
    const promote = `mutation { promoteModel(input: { digest: "${digest}", force: true }) { errors { message } } }`
    assert.deepEqual((await ask(sentinel, promote)).data.promoteModel.errors, [])
    const health = async () => {
      const { data } = await ask(
        sentinel,
        '{ health { parts { name state message } } models(first: 5) { edges { node { digest role } } } }',
      )
      const running = data.models.edges.find(({ node }: { node: { role: string | null } }) => node.role === 'RUNNING')
      return {
        ...data.health.parts.find((part: { name: string }) => part.name === 'deployment'),
        running: running?.node.digest,
      }
    }
    await eventually(async () => (await health()).state === 'FAILING')
    assert.match(
      (await health()).message,
      /^Changes wait for the Git remote .* said nothing for 1 s\. What runs here goes on/,
    )
    await sentinel.stop('SIGKILL')
    assert.doesNotMatch(sentinel.output(), /a-secret-token/)

    server.become('well')
    sentinel = await start()
    await eventually(async () => (await story()) === 'Promote other to all cameras\nStart with tiny\n')
    await eventually(async () => (await health()).state === 'READY')
    assert.equal((await health()).running, digest)
    assert.equal(await sentinel.stop(), 0)
    assert.doesNotMatch(sentinel.output(), /a-secret-token/)
  })
})
