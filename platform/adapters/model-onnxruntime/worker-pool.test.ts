import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { defer } from '../../../tests/support/defer.ts'
import { sharedFile } from '../../../tests/support/shared.ts'
import { type FrameImage, jpegImage } from '../../events/image.ts'
import { parseNames } from '../../models/names.ts'
import { readOnnx } from '../../models/onnx.ts'
import { WorkerPool } from './worker-pool.ts'

const file = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const road = sharedFile('images/road/udacity_test1.jpg')

/** A pool of one thread, all threads it ever started, and a picture with cars. */
async function started(t: TestContext): Promise<{ pool: WorkerPool; threads: Worker[]; picture: FrameImage }> {
  const threads: Worker[] = []
  const note = (worker: Worker): number => threads.push(worker)
  process.on('worker', note)
  const classes = parseNames(await readFile(names.path, 'utf8'))
  const thresholds = { score: 0.1, overlap: 0.45 }
  const onnx = readOnnx(await readFile(file.path))
  const told = { names: classes }
  const setup = { file: file.path, onnx, told, probe: undefined, providers: ['cpu'], thresholds }
  const pool = await WorkerPool.start(setup, 1)
  defer(t, async () => {
    process.off('worker', note)
    await pool.close()
  })
  return { pool, threads, picture: jpegImage(await readFile(road.path), 1280, 720) }
}

describe('threads that detect', { skip: file.skip || names.skip || road.skip }, () => {
  test('one that dies is replaced, and its picture is answered all the same', async (t) => {
    const { pool, threads, picture } = await started(t)
    const answers = Promise.all([pool.detect(picture), pool.detect(picture)])
    await sleep(5)
    await threads[0]!.terminate()
    for (const { boxes } of await answers) assert.ok(boxes.length > 0)
    assert.equal(threads.length, 2)
  })

  test('a picture on which two threads die is given up, and the next one is looked at', async (t) => {
    const { pool, threads, picture } = await started(t)
    const deadly: FrameImage = { ...picture, jpeg: () => new Promise(() => {}) }
    const answer = pool.detect(deadly)
    const refused = assert.rejects(answer, { code: 'MODEL_UNAVAILABLE', message: /twice/ })
    await threads[0]!.terminate()
    while (threads.length < 2) await sleep(5)
    await new Promise((resolve) => threads[1]!.once('message', resolve))
    await sleep(5)
    await threads[1]!.terminate()
    await refused
    assert.ok((await pool.detect(picture)).boxes.length > 0)
  })

  test('a picture whose JPEG comes after its thread died is not lost, and neither is the thread', async (t) => {
    const { pool, threads, picture } = await started(t)
    const late: FrameImage = { ...picture, jpeg: () => sleep(300).then(() => picture.jpeg()) }
    const answer = pool.detect(late)
    await threads[0]!.terminate()
    assert.ok((await answer).boxes.length > 0)
    assert.ok((await pool.detect(picture)).boxes.length > 0)
  })

  test('nothing is taken on after the end', async (t) => {
    const { pool, picture } = await started(t)
    pool.check()
    await pool.close()
    await assert.rejects(pool.detect(picture), { code: 'MODEL_UNAVAILABLE' })
    assert.throws(() => pool.check(), { code: 'MODEL_UNAVAILABLE' })
  })
})
