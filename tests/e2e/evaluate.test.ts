import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { JpegEncoder, pixelBytes, planesOf } from '../../platform/adapters/pictures/codec.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { layoutOnnx } from '../support/layouts.ts'

/** Red, so that the model sees its first class where it sees anything. */
function redPicture(): Buffer {
  const pixels = { width: 64, height: 64, data: new SharedArrayBuffer(pixelBytes(64, 64)) }
  const [y, u, v] = planesOf(pixels).data
  y!.fill(81)
  u!.fill(90)
  v!.fill(240)
  return new JpegEncoder().encode(pixels)
}

const JPEG = redPicture()
/** Where the model always sees a box, and one that it never sees. */
const [SEEN, MISSED] = [
  [12, 24, 16, 8],
  [40, 40, 20, 20],
]

async function workplace(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-evaluate-'))
  defer(t, () => rm(folder, { recursive: true }))
  const write = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }
  const model = await write('m.onnx', layoutOnnx({ layout: 'transposed' }))
  const run = (dataset: string, ...more: string[]) => runCli(['model', 'evaluate', model, dataset, ...more])
  const report = async (dataset: string, ...more: string[]) => {
    const { code, stdout, stderr } = await run(dataset, '--json', ...more)
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout)
  }
  return { folder, write, run, report }
}

const box = (where: readonly number[] | undefined, rest: object = {}) => ({
  class: 'first',
  box: where,
  visibility: 1,
  ...rest,
})
const line = (image: string, mood: string, ...boxes: object[]) =>
  `${JSON.stringify({ image, mood, camera: 'c', boxes })}\n`

describe('sentinel model evaluate', () => {
  test('tells how good a model is: all, by class and by mood', async (t) => {
    const { folder, write, report, run } = await workplace(t)
    for (const name of ['day.jpg', 'night.jpg']) await write(`images/${name}`, JPEG)
    const lines = [line('day.jpg', 'day', box(SEEN)), line('night.jpg', 'night', box(SEEN), box(MISSED))]
    await write('labels.jsonl', lines.join(''))
    const { ap50, ap, pictures, precisionAtScore, recallAtScore, byClass, groups } = await report(
      folder,
      '--by',
      'mood',
    )
    // Two of three found: precision is 1 up to a recall of two thirds.
    const expected = 67 / 101
    for (const value of [ap50, ap, byClass[0].ap50]) assert.ok(Math.abs(value - expected) < 1e-9)
    assert.deepEqual([pictures, precisionAtScore, recallAtScore], [2, 1, 2 / 3])
    assert.deepEqual(
      groups.map(({ group, recallAtScore }: { group: string; recallAtScore: number }) => [group, recallAtScore]),
      [
        ['day', 1],
        ['night', 0.5],
      ],
    )
    const { stdout, stderr } = await run(folder, '--by', 'mood')
    assert.match(stdout, /AP50 +AP50-95.*\nall +0\.663 +0\.663/)
    assert.match(stdout, /\nnight +0\.505/)
    assert.match(stderr, /2 of 2 pictures/)
  })

  test('what is too small or too hidden is not asked for, and classes can be called otherwise', async (t) => {
    const { folder, write, report } = await workplace(t)
    await write('images/a.jpg', JPEG)
    const boxes = [
      box(SEEN, { class: 'van' }),
      box([40, 40, 11, 5]),
      box(MISSED, { visibility: 0.2 }),
      box([0, 0, 30, 30], { class: 'tram' }),
    ]
    await write('labels.jsonl', line('a.jpg', 'day', ...boxes))
    const strict = await report(folder, '--min-visibility', '0', '--map', 'van=first')
    assert.deepEqual([strict.boxes, strict.missingClasses], [3, ['tram']])
    const fair = await report(folder, '--min-size', '12', '--map', 'van=first')
    assert.deepEqual([fair.boxes, fair.ap50], [1, 1])
  })

  test('COCO and YOLO give the same figures', async (t) => {
    const { folder, write, report } = await workplace(t)
    await write('images/a.jpg', JPEG)
    const annotations = [SEEN, MISSED].map((bbox, id) => ({ id: id + 1, image_id: 1, category_id: 1, bbox }))
    const coco = { images: [{ id: 1, file_name: 'a.jpg' }], categories: [{ id: 1, name: 'first' }], annotations }
    const file = await write('coco.json', JSON.stringify(coco))
    await write('data.yaml', 'val: images\nnames: [first]\n')
    const rows = [SEEN, MISSED].map(([x, y, w, h]) =>
      [0, (x! + w! / 2) / 64, (y! + h! / 2) / 64, w! / 64, h! / 64].join(' '),
    )
    await write('labels/a.txt', rows.join('\n'))
    const [first, second] = [await report(file), await report(folder)]
    assert.deepEqual([first.dataset.format, second.dataset.format], ['coco', 'yolo'])
    assert.deepEqual([first.ap50, first.byClass], [second.ap50, second.byClass])
    assert.ok(first.ap50 > 0.5)
  })

  test('what is wrong is told, with exit code 1', async (t) => {
    const { folder, write, run } = await workplace(t)
    const failed = async (message: RegExp, ...more: string[]): Promise<void> => {
      const { code, stderr } = await run(folder, ...more)
      assert.match(stderr, message)
      assert.equal(code, 1)
    }
    await failed(/no labels\.jsonl/)
    await write('labels.jsonl', line('a.jpg', 'day', box(SEEN)))
    await failed(/a\.jpg cannot be evaluated: .*ENOENT/)
    await write('images/a.jpg', 'no picture')
    await failed(/a\.jpg cannot be evaluated: .*JPEG/)
    await write('images/a.jpg', JPEG)
    await failed(/have no weather/, '--by', 'weather')
    await failed(/Write it as van=car/, '--map', 'van')
    await write('labels.jsonl', line('a.jpg', 'day', box(SEEN, { class: 'tram' })))
    await failed(/has tram; the model knows none of them, but first, second, third/)
  })
})
