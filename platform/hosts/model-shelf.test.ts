import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { greyJpeg, openStores } from '../../tests/support/annotations.ts'
import { defer } from '../../tests/support/defer.ts'
import { tinyYolox } from '../../tests/support/tiny-yolox.ts'
import { jpegImage } from '../events/image.ts'
import { storeModel } from '../models/store.ts'
import { ModelShelf } from './model-shelf.ts'

async function world(t: TestContext, idleMs?: number) {
  const stores = await openStores(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-shelf-'))
  defer(t, () => rm(folder, { recursive: true }))
  const bytes = tinyYolox(['car', 'bus'])
  const card = { name: 'tiny', family: 'yolox', classes: ['car', 'bus'], inputWidth: 64, inputHeight: 64, side: {} }
  const digest = await storeModel(stores.objects, bytes, { ...card, bytes: bytes.length })
  const shelf = new ModelShelf({ objects: stores.objects, folder, ...(idleMs !== undefined && { idleMs }) })
  defer(t, () => shelf.close())
  return { ...stores, digest, shelf }
}

describe('stored models beside the live one', () => {
  test('a model is opened once for all who use it, and looks at pictures', async (t) => {
    const { pictures, digest, shelf } = await world(t)
    const image = jpegImage(await greyJpeg(pictures, 90, 30), 64, 36)
    const used = await Promise.all(
      [1, 2].map(() => shelf.with(digest, async (model) => ({ model, seen: await model.detect(image) }))),
    )
    assert.equal(used[0]!.model, used[1]!.model)
    assert.deepEqual(used[0]!.seen.boxes, used[1]!.seen.boxes)
    assert.equal(used[0]!.model.info.digest, digest)
  })

  test('one that nobody uses is closed and opened anew when it is wanted again', async (t) => {
    const { digest, shelf } = await world(t, 1)
    const first = await shelf.with(digest, async (model) => model)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await assert.rejects(first.check(), { code: 'MODEL_UNAVAILABLE' })
    assert.notEqual(await shelf.with(digest, async (model) => model), first)
  })

  test('a file that is not the one that its digest names is never loaded', async (t) => {
    const { objects, digest, shelf } = await world(t)
    const other = tinyYolox(['car', 'bus'], 96)
    await objects.put('sentinel-models', `${digest}.onnx`, other)
    await assert.rejects(
      shelf.with(digest, async () => assert.fail('it was loaded')),
      { code: 'MODEL_INVALID' },
    )
    await objects.put('sentinel-models', `${digest}.onnx`, tinyYolox(['car', 'bus']))
    await shelf.with(digest, async (model) => assert.equal(model.info.digest, digest))
  })
})
