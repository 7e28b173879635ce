import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { loadModel } from '../platform/adapters/model-onnxruntime/load-model.ts'
import { FileObjects } from '../platform/adapters/objects-files.ts'
import { Pictures } from '../platform/adapters/pictures/pictures.ts'
import { keepModel } from '../platform/hosts/detector.ts'
import { isShipped, storedAbout, storedCard } from '../platform/models/store.ts'
import { root } from '../platform/paths.ts'
import type { Model } from '../platform/ports/model.ts'
import { defer } from '../tests/support/defer.ts'
import { sharedFile } from '../tests/support/shared.ts'

const folder = join(root, 'detector')
const file = join(folder, 'model.onnx')
const python = process.env.SENTINEL_PYTHON || 'python3'
const road = sharedFile('images/road/udacity_test1.jpg')

function without(...modules: string[]): string | false {
  const { status } = spawnSync(python, ['-c', `import ${modules.join(', ')}`], { timeout: 60_000 })
  return status === 0 ? false : `needs ${modules.join(', ')} for ${python}; set SENTINEL_PYTHON (detector/README.md)`
}

const noRecipe = without('torch', 'onnx', 'onnxruntime', 'cv2')
const noModel = existsSync(file) ? false : 'needs detector/model.onnx'

test("the recipe's own tests pass", { skip: noRecipe }, () => {
  const { status, stderr } = spawnSync(python, ['-m', 'unittest'], { cwd: folder, encoding: 'utf8', timeout: 170_000 })
  assert.equal(status, 0, stderr)
})

async function loaded(t: TestContext): Promise<Model> {
  const model = await loadModel({ file, workers: 1, scoreThreshold: 0.02 })
  defer(t, () => model.close())
  return model
}

test('Sentinel understands the base detector without being told anything', { skip: noModel }, async (t) => {
  const { info } = await loaded(t)
  assert.deepEqual(info.classes, ['person', 'bicycle', 'motorcycle', 'car', 'bus', 'truck'])
  assert.deepEqual([info.family, info.inputWidth, info.inputHeight], ['yolox', 416, 256])
})

test('the model card is of this file', { skip: noModel }, async (t) => {
  const { info } = await loaded(t)
  assert.match(await readFile(join(folder, 'MODEL_CARD.md'), 'utf8'), new RegExp(info.digest))
})

test('it is kept under its own name, as what comes with Sentinel, with its card', { skip: noModel }, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-base-'))
  defer(t, () => rm(directory, { recursive: true }))
  const objects = new FileObjects(directory)
  const { info } = await loaded(t)
  await keepModel(objects, file, info)
  assert.equal((await storedCard(objects, info.digest)).name, 'Sentinel base')
  assert.equal(await isShipped(objects, info.digest), true)
  assert.equal(await storedAbout(objects, info.digest), await readFile(join(folder, 'MODEL_CARD.md'), 'utf8'))
})

test('Sentinel finds the boxes that the recipe finds', { skip: noModel || noRecipe || road.skip }, async (t) => {
  const model = await loaded(t)
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  const decoded = pictures.image(await pictures.decode(await readFile(road.path)))
  const { boxes } = await model.detect(decoded)
  const { stdout, stderr } = spawnSync(python, ['predict_picture.py', file, road.path], {
    cwd: folder,
    encoding: 'utf8',
  })
  const expected = (JSON.parse(stdout || `"${stderr}"`) as Expected[]).filter(({ score }) => score >= 0.1)
  assert.ok(expected.length > 0)
  const apart = expected.map((one) => {
    const same = boxes.find((box) => box.class === one.class && distance(box.box, one.box) < 0.01)
    assert.ok(same, `${JSON.stringify(one)} is missing`)
    return Math.abs(same.score - one.score)
  })
  // Two JPEG decoders differ by a level here and there, which a single doubtful score may feel.
  apart.sort((a, b) => a - b)
  assert.ok(apart.at(-1)! < 0.05 && apart[apart.length >> 1]! < 0.01, `scores differ by ${apart}`)
})

interface Expected {
  readonly class: string
  readonly score: number
  readonly box: readonly [number, number, number, number]
}

/** The largest difference of a side's place or length, in shares of the picture. */
function distance(one: readonly number[], other: readonly number[]): number {
  return Math.max(...one.map((value, at) => Math.abs(value - other[at]!)))
}
