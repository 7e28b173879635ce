import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, test } from 'node:test'
import { root } from '../../paths.ts'
import { openDataset, type Part } from './dataset.ts'

const EXPORTS = join(root, 'tests', 'exports')
/** The same car everywhere, as boxes, as an outline, and in copies of one picture. */
const CAR = { class: 'car', box: [6.4, 3.6, 12.8, 7.2] }

/** Pictures with what is in them, to a millionth. */
async function contents(folder: string, part: Part) {
  const { format, classes, pictures } = await openDataset(join(EXPORTS, folder), undefined, part)
  const boxes = pictures.flatMap(({ truth }) => truth({ width: 64, height: 36 }))
  const plain = boxes.map(({ class: name, box }) => ({ class: name, box: box.map((v) => Math.round(v * 1e6) / 1e6) }))
  const names = pictures.map(({ file }) => basename(file).split(/[._]/)[0])
  return { format, classes, names, boxes: plain, areThere: pictures.every(({ file }) => existsSync(file)) }
}

describe('folders as other tools export them load as they are', () => {
  for (const [folder, format, names, classes] of [
    ['cvat-coco', 'coco', ['frame'], ['car', 'bus']],
    ['cvat-yolo', 'yolo', ['frame'], ['car', 'bus']],
    ['cvat-ultralytics', 'yolo', ['frame'], ['car', 'bus']],
    ['label-studio-coco', 'coco', ['1d2e3f40-street'], ['bus', 'car']],
    ['label-studio-yolo', 'yolo', ['1d2e3f40-street'], ['bus', 'car']],
    ['roboflow-coco', 'coco', ['street', 'street', 'corner'], ['bus', 'car']],
    ['roboflow-yolo', 'yolo', ['street', 'street', 'corner'], ['bus', 'car']],
  ] as const) {
    test(folder, async () => {
      const boxes = names.map(() => CAR)
      assert.deepEqual(await contents(folder, 'all'), { format, classes, names, boxes, areThere: true })
    })
  }

  test('only the side that is there to judge by is judged by, where there is one', async () => {
    for (const folder of ['roboflow-coco', 'roboflow-yolo'])
      assert.deepEqual((await contents(folder, 'judging')).names, ['corner'])
    assert.deepEqual((await contents('cvat-coco', 'judging')).names, ['frame'])
  })
})
