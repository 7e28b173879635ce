import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { addAnnotation, labelled } from '../../../tests/support/annotations.ts'
import { runCli } from '../../../tests/support/cli.ts'
import { defer } from '../../../tests/support/defer.ts'
import { freshDatabase } from '../../../tests/support/postgres.ts'
import { retaught } from '../../../tests/support/retaught.ts'
import { streets } from '../../../tests/support/street.ts'
import { FileObjects } from '../../adapters/objects-files.ts'
import { storeImage } from '../../datasets/store.ts'
import { readCityDataset } from '../../evaluation/labelled/city.ts'
import { digestOf } from '../../models/store.ts'
import { root } from '../../paths.ts'

const detector = join(root, 'detector')
const python = process.env.SENTINEL_PYTHON || 'python3'
const noTorch = spawnSync(python, ['-c', 'import torch, onnx, cv2'], { timeout: 60_000 }).status
  ? `needs torch, onnx, cv2 for ${python}; set SENTINEL_PYTHON (detector/README.md)`
  : false

/** A data directory with the base detector and four certified frames, and a job that was made of them. */
async function world(t: TestContext) {
  const { database, url } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-full-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const job = join(folder, 'job')
  const cli = async (...args: string[]) => {
    const [command, more] = args.includes('--')
      ? [args.slice(0, args.indexOf('--')), args.slice(args.indexOf('--'))]
      : [args, []]
    const env = { DATABASE_URL: url, PYTHON: python }
    const { code, stdout, stderr } = await runCli([...command, '--data-dir', data, '--json', ...more], env)
    return { code, said: stderr, answer: code === 0 && stdout ? JSON.parse(stdout) : undefined }
  }
  const { answer } = await cli('model', 'add', join(detector, 'model.onnx'), '--name', 'base')
  const objects = new FileObjects(join(data, 'objects'))
  for (const [n, jpeg] of (await streets([60, 180, 300, 420])).entries()) {
    const image = await storeImage(objects, jpeg)
    await addAnnotation(database, `i-${n}`, { image, boxes: [labelled(0.25), labelled(0.5, 'rickshaw')] })
  }
  await database.updateTable('annotations').set({ model_digest: answer.digest }).execute()
  const made = await cli('train', 'full', job, '--images', '8')
  assert.equal(made.code, 0, made.said)
  const rows = async () => ({
    run: await database.selectFrom('training_runs').selectAll().executeTakeFirstOrThrow(),
    lineage: await database.selectFrom('model_lineage').selectAll().execute(),
    told: (await database.selectFrom('outbox').select('headers').execute()).map(({ headers }) => headers.ce_type),
  })
  return { cli, job, parent: answer.digest as string, rows, made: made.answer }
}

describe('a training for another machine', () => {
  test('is a folder with everything, and what comes of it is a model that knows what made it, once', async (t) => {
    const { cli, job, parent, rows, made } = await world(t)
    const labels = (await readCityDataset(join(job, 'train')))!
    assert.equal(labels.pictures.length, 4)
    assert.deepEqual(labels.pictures[0]!.truth({ width: 640, height: 360 }), [
      { class: 'car', box: [160, 36, 128, 72], visibility: 1 },
    ])
    assert.equal(digestOf(await readFile(join(job, 'start.onnx'))), parent)
    assert.match(await readFile(join(job, 'train.sh'), 'utf8'), /--moods day,dusk,night --tone none --images 8 /)

    const early = await cli('train', 'finish', job)
    assert.deepEqual([early.code, /Run its train\.sh first/.test(early.said)], [1, true])
    await hands(job, await readFile(join(job, 'start.onnx')))
    const same = await cli('train', 'finish', job)
    assert.match(same.said, /the model that the training began with/)
    const model = retaught(await readFile(join(job, 'start.onnx')))
    await hands(job, model)
    for (let again = 0; again < 2; again++) assert.equal((await cli('train', 'finish', job)).code, 0)
    const { run, lineage, told } = await rows()
    assert.deepEqual([run.id, run.state, run.model], [made.run, 'completed', digestOf(model)])
    assert.deepEqual([run.metrics!.pictures, run.metrics!.boxes, run.metrics!.steps], [4, 4, 8])
    assert.deepEqual(
      lineage.map((row) => [row.digest, row.parent, row.dataset, row.recipe.method, row.machine, row.seconds]),
      [[digestOf(model), parent, run.dataset, 'full', 'a GPU', 60]],
    )
    assert.equal(told.filter((type) => type === 'sentinel.training.completed.v1').length, 1)
  })

  test('as a job it runs by the recipe of detector/ from what was asked for to the model, and again it does nothing', {
    skip: noTorch,
  }, async (t) => {
    const { cli, job, parent, rows, made } = await world(t)
    const folder = join(job, '..', 'elsewhere')
    const run = () => cli('train', 'job', made.run, '--folder', folder, '--', '--batch', '4')
    assert.match((await cli('train', 'job', 'nobody', '--folder', folder)).said, /There is no training nobody here/)
    const first = await run()
    assert.equal(first.code, 0, first.said)
    const { run: row, lineage } = await rows()
    assert.deepEqual([row.state, row.metrics!.steps, lineage.length], ['completed', 8, 1])
    assert.notEqual(row.model, parent)
    const again = await run()
    assert.match(again.said, /is done already/)
    assert.deepEqual((await rows()).lineage, lineage)
  })
})

/** Puts into the job's folder what its script leaves there. */
async function hands(job: string, model: Uint8Array): Promise<void> {
  await mkdir(join(job, 'run'), { recursive: true })
  await writeFile(join(job, 'model.onnx'), model)
  const report = { seen: 8, lossBefore: 3.5, lossAfter: 2.5, seconds: 60, machine: 'a GPU' }
  await writeFile(join(job, 'run', 'report.json'), JSON.stringify(report))
}
