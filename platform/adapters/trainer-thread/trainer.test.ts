import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { type TestContext, test } from 'node:test'
import { digestOf, greyJpeg, labelled } from '../../../tests/support/annotations.ts'
import { defer } from '../../../tests/support/defer.ts'
import { tinyYolox } from '../../../tests/support/tiny-yolox.ts'
import { type Entry, manifestOf } from '../../datasets/manifest.ts'
import type { TrainingJob } from '../../ports/trainer.ts'
import { recipeOf } from '../../training/recipe.ts'
import { Pictures } from '../pictures/pictures.ts'
import { NICE } from './give-way.ts'
import { Helpers } from './helpers.ts'
import { runTraining } from './run-training.ts'
import { ThreadTrainer } from './trainer.ts'

const CLASSES = ['car', 'bus']
/** Behind the name in `/proc/PID/task/TID/stat` (proc(5)). */
const FIELD_OF_NICE = 17

/** Three certified pictures, and one that is rehearsed. */
async function lesson(t: TestContext): Promise<TrainingJob> {
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  const images = new Map<string, Uint8Array>()
  const entries: Entry[] = []
  for (const mark of [30, 90, 150, 220]) {
    const jpeg = await greyJpeg(pictures, 90, mark)
    images.set(digestOf(jpeg), jpeg)
    const known = { width: 64, height: 36, camera: 'cam-1', capturedAt: null, light: null, image: digestOf(jpeg) }
    const boxes = [labelled(0.3), labelled(0.6, 'bus')]
    const isBase = mark === 220
    entries.push({ ...known, split: 'train', role: isBase ? 'base' : 'annotated', boxes: isBase ? null : boxes })
  }
  const recipe = { ...recipeOf('', 3, { method: 'whole' }), steps: 12 }
  const model = tinyYolox(CLASSES)
  return { model, side: {}, recipe, dataset: manifestOf(CLASSES, entries), images, memoryBytes: 2 ** 24 }
}

test('in one thread or in two the same is learnt', async (t) => {
  const job = await lesson(t)
  const [alone, together] = [await runTraining(job, () => {}, 1), await runTraining(job, () => {}, 2)]
  assert.equal(alone.metrics.rehearsed, 1)
  assert.notDeepEqual(alone.model, job.model)
  assert.deepEqual(together, alone)
})

const isPolite = process.platform === 'linux' && getPriority() < NICE
const skip = !isPolite && 'needs Linux, and a process that is not nice itself'

test('threads that learn let those that detect go first', { skip }, async (t) => {
  const before = polite()
  let during = 0
  const onProgress = () => {
    during = Math.max(during, polite())
  }
  await new ThreadTrainer().train(await lesson(t), { signal: new AbortController().signal, onProgress })
  assert.ok(before === 0 && during >= 2, `${before} of them before, ${during} during the training`)
})

/** How many threads of this process let others go first. */
function polite(): number {
  const threads = readdirSync('/proc/self/task').map((id) => readFileSync(`/proc/self/task/${id}/stat`, 'utf8'))
  // The name of a thread may have blanks.
  return threads.filter((text) => Number(text.slice(text.lastIndexOf(')')).split(' ')[FIELD_OF_NICE]) >= NICE).length
}

test('a thread that cannot help says why, to whoever asks, and ends', async () => {
  const helpers = new Helpers({ model: Buffer.from('no model'), method: 'whole' }, new Set(), 2)
  await assert.rejects(helpers.answers(new Map(), []), /no ONNX model/)
  await assert.rejects(helpers.answers(new Map(), []), /no ONNX model/)
  await helpers.close()
})
