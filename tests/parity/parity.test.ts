import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { loadModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { Pictures } from '../../platform/adapters/pictures/pictures.ts'
import type { Box } from '../../platform/events/frame.ts'
import type { Model } from '../../platform/ports/model.ts'
import { boxOverlap } from '../support/overlap.ts'
import { sharedFile } from '../support/shared.ts'

/** What `reference.py` wrote: `class` is an index, `boxes` those of equal score of which one wins. */
interface Golden {
  readonly class: number
  readonly score: number
  readonly boxes: readonly Box['box'][]
}

/** From here on a box begins a track; those below sway with the last bit of a pixel, in Python as well as here. */
const OPERATING_SCORE = 0.5
const LEAST_OVERLAP = 0.99
const MOST_SCORE_DIFFERENCE = 0.01

const golden: Record<string, Golden[]> = JSON.parse(await readFile(new URL('golden.json', import.meta.url), 'utf8'))
const file = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')

describe('parity with onnxruntime and numpy in Python', { skip: file.skip || names.skip }, () => {
  const pictures = new Pictures()
  let model: Model
  before(async () => {
    model = await loadModel({ file: file.path, names: names.path, workers: 1 })
  })
  after(() => Promise.all([model.close(), pictures.close()]))

  for (const [name, expected] of Object.entries(golden)) {
    const picture = sharedFile(`images/road/${name}`)
    test(`${name} has the same boxes`, { skip: picture.skip }, async (t) => {
      const image = pictures.image(await pictures.decode(await readFile(picture.path)))
      const found = (await model.detect(image)).boxes
      const wanted = expected.filter(({ score }) => score >= OPERATING_SCORE)
      for (const { class: index, score, boxes } of wanted) {
        const label = model.info.classes[index]!
        const likeness = (one: Box): number => Math.max(...boxes.map((box) => boxOverlap(one.box, box)))
        const same = found.filter((other) => other.class === label)
        const nearest = same.toSorted((a, b) => likeness(b) - likeness(a))[0]
        assert.ok(nearest, `no ${label}`)
        const iou = likeness(nearest)
        const difference = Math.abs(nearest.score - score)
        const measured = `${label} ${score}: overlap ${iou.toFixed(4)}, score differs by ${difference.toFixed(4)}`
        t.diagnostic(measured)
        assert.ok(iou >= LEAST_OVERLAP && difference <= MOST_SCORE_DIFFERENCE, measured)
      }
      const sure = OPERATING_SCORE + MOST_SCORE_DIFFERENCE
      assert.ok(found.filter(({ score }) => score >= sure).length <= wanted.length)
    })
  }
})
