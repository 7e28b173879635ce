import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { dynamicOnnx, type LayoutOptions, layoutOnnx } from '../../../tests/support/layouts.ts'
import type { Box } from '../../events/frame.ts'
import type { Pixels } from '../../events/image.ts'
import { describeModel } from '../../models/describe.ts'
import { pixelBytes } from '../pictures/codec.ts'
import { Detector } from './detector.ts'
import { readModel } from './load-model.ts'

/** Blue 0.1, green 0.4, red 0.8 of full scale, in limited-range YUV (ITU-R BT.601). */
const [BLUE, GREEN, RED] = [0.1, 0.4, 0.8]

function painted(width: number, height: number): Pixels {
  const data = new SharedArrayBuffer(pixelBytes(width, height))
  const bytes = new Uint8Array(data)
  const luma = width * height
  const chroma = (bytes.length - luma) / 2
  bytes.fill(16 + 65.481 * RED + 128.553 * GREEN + 24.966 * BLUE, 0, luma)
  bytes.fill(128 - 37.797 * RED - 74.203 * GREEN + 112 * BLUE, luma, luma + chroma)
  bytes.fill(128 + 112 * RED - 93.786 * GREEN - 18.214 * BLUE, luma + chroma)
  return { width, height, data }
}

async function detected(t: TestContext, bytes: Uint8Array, side: object | undefined, picture = painted(64, 64)) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-layouts-'))
  defer(t, () => rm(folder, { recursive: true }))
  const file = join(folder, 'm.onnx')
  await writeFile(file, bytes)
  if (side) await writeFile(join(folder, 'm.json'), JSON.stringify(side))
  const { setup, description } = await readModel({ file })
  const { onnx, told, probe } = setup
  const detector = await Detector.open(file, describeModel(file, onnx, told, probe), 'cpu', {
    score: 0.05,
    overlap: 0.45,
  })
  return { description, boxes: (await detector.detect(picture)).boxes }
}

/** The one box of every layout: from 12, 24 to 28, 32 of 64 pixels; its class and score are those of the brightest channel. */
function isTheBox(boxes: readonly Box[], label: string, score: number): void {
  assert.equal(boxes.length, 1)
  const [{ class: found, box, score: is }] = boxes as [Box]
  assert.equal(found, label)
  for (const [at, value] of [12, 24, 16, 8].entries()) assert.ok(Math.abs(box[at]! * 64 - value) < 0.05, String(box))
  assert.ok(Math.abs(is - score) < 0.02, `${is} is not ${score}`)
}

describe('what comes out of a real graph of each layout is the box that went in', () => {
  const cases: [string, LayoutOptions, family: string, side?: object][] = [
    ['YOLOX', { layout: 'yolox', scale: 1, colours: 'bgr' }, 'yolox'],
    ['YOLOX, decoded in the graph', { layout: 'rows', scale: 1, colours: 'bgr' }, 'yolox-decoded'],
    ['YOLOv5 and v7', { layout: 'anchors' }, 'yolov5'],
    ['YOLOv6', { layout: 'rows', isSure: true }, 'yolov6'],
    ['YOLOv8 and later', { layout: 'transposed' }, 'yolov8'],
    ['suppression inside', { layout: 'suppressed' }, 'end-to-end'],
    ["suppression inside, YOLOv7's way", { layout: 'suppressed-7' }, 'yolov7-end-to-end'],
    ['NanoDet', { layout: 'nanodet', colours: 'bgr' }, 'nanodet'],
    ['shapes that are known only when it runs', { layout: 'transposed', isOpen: true }, 'yolov8'],
    ['YOLOv5 whose shapes are known only when it runs', { layout: 'anchors', isOpen: true }, 'yolov5'],
    ['floats of 16 bits', { layout: 'transposed', numbers: 'float16' }, 'yolov8'],
    ['bytes', { layout: 'transposed', numbers: 'uint8', scale: 1 }, 'yolov8'],
    ['weights and activations of 8 bits', { layout: 'transposed', isQuantised: true }, 'yolov8'],
    [
      'colours and scale by its side file',
      { layout: 'transposed', colours: 'bgr', scale: 1 },
      'yolov8',
      { colours: 'bgr', scale: 1 },
    ],
    [
      'mean and deviation by its side file',
      { layout: 'transposed', scale: 0.5, mean: 0.25 },
      'yolov8',
      { scale: 0.5, mean: [0.25, 0.25, 0.25] },
    ],
  ]
  for (const [name, options, family, side] of cases) {
    test(name, async (t) => {
      const { boxes, description } = await detected(t, layoutOnnx(options), side)
      assert.equal(description.decoder.family, family)
      isTheBox(boxes, options.colours === 'bgr' ? 'third' : 'first', RED)
    })
  }

  test('colours and scale by its metadata', async (t) => {
    const options = { layout: 'anchors', colours: 'bgr', scale: 1 } as const
    const sentinel = JSON.stringify({ colours: 'bgr', scale: 1, names: ['one', 'two', 'three'] })
    const { boxes, description } = await detected(t, layoutOnnx({ ...options, metadata: { sentinel } }), undefined)
    isTheBox(boxes, 'three', RED)
    assert.deepEqual(
      description.reasons.filter(({ why }) => why === 'from its metadata').map(({ what }) => what),
      ['colours', 'scale', 'classes'],
    )
  })

  test('a model that takes any size gets the rectangle of the picture', async (t) => {
    for (const layout of ['transposed', 'anchors'] as const) {
      const { boxes, description } = await detected(t, dynamicOnnx(layout), { longSide: 128 }, painted(128, 60))
      assert.equal(description.fixedInput, undefined)
      assert.equal(boxes.length, 1)
      const [{ class: label, box }] = boxes as [Box]
      // Centred: 2 of 64 rows lie above the picture.
      const expected = [12 / 128, 22 / 60, 16 / 128, 8 / 60]
      assert.equal(label, 'first')
      for (const [at, value] of expected.entries()) assert.ok(Math.abs(box[at]! - value) < 1e-3, String(box))
    }
  })
})
