import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { sharedFile } from '../../../tests/support/shared.ts'
import { modelContract } from '../../ports/model.contract.ts'
import { Pictures } from '../pictures/pictures.ts'
import { loadModel } from './load-model.ts'

const file = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const road = sharedFile('images/road/udacity_test1.jpg')
const skip = file.skip || names.skip || road.skip

modelContract('onnxruntime', skip, async (t) => {
  const pictures = new Pictures()
  const model = await loadModel({ file: file.path, names: names.path, workers: 2 })
  defer(t, () => Promise.all([model.close(), pictures.close()]))
  return { model, decoded: pictures.image(await pictures.decode(await readFile(road.path))) }
})

async function written(t: TestContext, name: string, bytes: Uint8Array | string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-model-'))
  defer(t, () => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), bytes)
  return join(folder, name)
}

describe('what is wrong with a model shows before the first frame', () => {
  test('a file that is not there', async () => {
    await assert.rejects(loadModel({ file: '/no/such/model.onnx' }), {
      code: 'MODEL_INVALID',
      message: /Check the path/,
    })
  })

  for (const [name, bytes] of [
    ['an empty file', ''],
    ['a text', 'this is no model at all'],
    ['a picture', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])],
  ] as const) {
    test(name, async (t) => {
      const path = await written(t, 'm.onnx', bytes)
      await assert.rejects(loadModel({ file: path }), { code: 'MODEL_INVALID', message: /not an ONNX model/ })
    })
  }

  test('half a model', { skip }, async (t) => {
    const half = (await readFile(file.path)).subarray(0, 200_000)
    const path = await written(t, 'm.onnx', half)
    await assert.rejects(loadModel({ file: path, names: names.path }), { code: 'MODEL_INVALID' })
  })

  test('no names', { skip }, async () => {
    await assert.rejects(loadModel({ file: file.path }), { code: 'MODEL_INVALID', message: /80 classes.*--names FILE/ })
  })

  test('too few names', { skip }, async (t) => {
    const path = await written(t, 'x.names', 'car\nperson\n')
    const message = /has 80 classes, but there are 2 names/
    await assert.rejects(loadModel({ file: file.path, names: path }), { code: 'MODEL_INVALID', message })
  })

  test('names that are not there', { skip }, async () => {
    const message = /Cannot read the class names/
    await assert.rejects(loadModel({ file: file.path, names: '/no/names' }), { code: 'MODEL_INVALID', message })
  })
})
