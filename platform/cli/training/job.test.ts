import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { addAnnotation, greyJpeg, labelled } from '../../../tests/support/annotations.ts'
import { runCli } from '../../../tests/support/cli.ts'
import { defer } from '../../../tests/support/defer.ts'
import { eventually } from '../../../tests/support/log.ts'
import { freshDatabase } from '../../../tests/support/postgres.ts'
import { retaught } from '../../../tests/support/retaught.ts'
import { tinyYolox } from '../../../tests/support/tiny-yolox.ts'
import { FileObjects } from '../../adapters/objects-files.ts'
import { Pictures } from '../../adapters/pictures/pictures.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { storeImage } from '../../datasets/store.ts'
import { storeModel } from '../../models/store.ts'
import { cancelTraining } from '../../training/cancel.ts'
import { requestTraining } from '../../training/request.ts'

const CLASSES = ['car', 'bus']

/** What train.sh runs in place of Python: a recipe in sh, which leaves what the real one leaves. */
const TRAINS = 'echo \'{"seen":8,"lossBefore":3,"lossAfter":2,"seconds":1,"machine":"m"}\' > "$4/report.json"\n'
const EXPORTS = 'cp taught.onnx "$2"\n'

/** A model, a certified frame, and a training by `full` that somebody asked for; `recipe` is its train.py, in sh. */
async function world(t: TestContext, recipe: string) {
  const { database, url } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-job-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const objects = new FileObjects(join(folder, 'objects'))
  const model = tinyYolox(CLASSES)
  const size = { inputWidth: 64, inputHeight: 64, bytes: model.length }
  const parent = await storeModel(objects, model, {
    name: 'tiny',
    family: 'yolox',
    classes: CLASSES,
    side: {},
    ...size,
  })
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  await addAnnotation(database, 'i-1', {
    image: await storeImage(objects, await greyJpeg(pictures, 90)),
    boxes: [labelled()],
  })
  await database.updateTable('annotations').set({ model_digest: parent }).execute()
  const { id } = await requestTraining({ database, objects, clock: systemClock }, 'ada', { method: 'full', steps: 8 })
  await mkdir(join(folder, 'recipe'))
  await writeFile(join(folder, 'recipe', 'train.py'), `mkdir -p "$4"\n${recipe}`)
  await writeFile(join(folder, 'recipe', 'export.py'), EXPORTS)
  await writeFile(join(folder, 'recipe', 'taught.onnx'), retaught(model))
  const places = ['--folder', join(folder, 'jobs'), '--recipe', join(folder, 'recipe')]
  const args = ['train', 'job', 'next', ...places, '--data-dir', join(folder, 'data'), '--look-every', '0.2']
  const env = { DATABASE_URL: url, SENTINEL_OBJECTS: `file://${join(folder, 'objects')}`, PYTHON: 'sh' }
  const run = () => runCli(args, env)
  const row = () => database.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const told = async () => {
    const rows = await database.selectFrom('outbox').select('headers').orderBy('sequence').execute()
    return rows.map(({ headers }) => headers.ce_type?.split('.').slice(1, 3).join(' '))
  }
  return { database, folder, id, parent, run, row, told }
}

describe('the Job of a training by full', () => {
  test('takes the oldest that waits, says that it began, and hands in what came of it; then none waits', async (t) => {
    const { folder, id, parent, run, row, told } = await world(t, TRAINS)
    const first = await run()
    assert.equal(first.code, 0, first.stderr)
    const { state, model, started_at } = await row()
    assert.deepEqual([state, model !== null && model !== parent, started_at !== null], ['completed', true, true])
    assert.deepEqual(await told(), ['training requested', 'training started', 'model registered', 'training completed'])
    assert.equal(JSON.parse(await readFile(join(folder, 'jobs', id, 'job.json'), 'utf8')).run, id)
    assert.match((await run()).stderr, /^No training waits for a Job\.$/m)
  })

  test('a recipe that fails ends the training with its reason, once; asked for again it is done again', async (t) => {
    const { database, folder, run, row, told } = await world(t, 'echo no memory >&2; exit 3\n')
    const failing = await run()
    assert.deepEqual([failing.code, /no memory/.test(failing.stderr)], [1, true])
    const { state, failure } = await row()
    assert.equal(state, 'failed')
    assert.match(failure!, /train\.sh ended with 3/)
    assert.equal((await run()).code, 0, 'none waits')
    assert.equal((await told()).at(-1), 'training failed')
    await writeFile(join(folder, 'recipe', 'train.py'), `mkdir -p "$4"\n${TRAINS}`)
    const objects = new FileObjects(join(folder, 'objects'))
    await requestTraining({ database, objects, clock: systemClock }, 'ada', { method: 'full', steps: 8 })
    assert.equal((await run()).code, 0)
    assert.equal((await row()).state, 'completed')
  })

  test('whoever cancels it stops the recipe', async (t) => {
    const { database, folder, id, run, row } = await world(t, 'echo $$ > pid; sleep 100 & wait\n')
    const over = run()
    const pid = async () => Number(await readFile(join(folder, 'recipe', 'pid'), 'utf8').catch(() => '0'))
    await eventually(async () => (await pid()) > 0, 60_000)
    const recipe = await pid()
    assert.equal((await row()).state, 'running')
    await cancelTraining(database, id, 'bob')
    const { code, stderr } = await over
    assert.equal(code, 1)
    assert.match(stderr, /was cancelled/)
    await eventually(async () => !isAlive(recipe))
    assert.deepEqual([(await row()).state, (await row()).failure], ['cancelled', 'bob cancelled it'])
  })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
