import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Detector } from '../../platform/adapters/model-onnxruntime/detector.ts'
import { readModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { JpegDecoder } from '../../platform/adapters/pictures/codec.ts'
import type { Box } from '../../platform/events/frame.ts'
import { describeModel } from '../../platform/models/describe.ts'
import { boxOverlap } from '../support/overlap.ts'

/** What `exports.py` read from the same model with plain numpy; `class` is an index. */
interface Golden {
  readonly class: number
  readonly score: number
  readonly box: Box['box']
}

const folder = process.env.SENTINEL_EXPORTS
const skip = folder ? false : 'needs SENTINEL_EXPORTS, a folder that tests/parity/exports.py has filled'
const models = folder ? readdirSync(folder).filter((name) => name.endsWith('.onnx')) : []

const LEAST_SCORE = 0.3
const LEAST_OVERLAP = 0.99
const MOST_SCORE_DIFFERENCE = 0.01

describe('exports of the original code of each family', { skip }, () => {
  for (const name of models) {
    test(name, async (t) => {
      const [file, names] = [join(folder!, name), join(folder!, 'coco80.names')]
      const { setup, description } = await readModel({ file, names })
      t.diagnostic(description.reasons.map(({ what, value, why }) => `${what} ${value} (${why})`).join('; '))
      // Every box, because random networks give many of nearly the same score.
      const thresholds = { score: LEAST_SCORE - MOST_SCORE_DIFFERENCE, overlap: 1 }
      const { onnx, told, probe } = setup
      const detector = await Detector.open(file, describeModel(file, onnx, told, probe), 'cpu', thresholds)
      const pixels = new JpegDecoder().decode(await readFile(join(folder!, 'picture.jpg')))
      const { boxes } = await detector.detect(pixels)
      const golden: Golden[] = JSON.parse(await readFile(file.replace('.onnx', '.golden.json'), 'utf8'))
      const { overlap, difference } = compare(golden, boxes, description.classes)
      t.diagnostic(`${golden.length} boxes: overlap ≥ ${overlap.toFixed(4)}, score within ${difference.toFixed(4)}`)
      assert.ok(golden.length > 0 && overlap >= LEAST_OVERLAP && difference <= MOST_SCORE_DIFFERENCE)
    })
  }
})

/** How far the boxes are from those of numpy at most. */
function compare(golden: readonly Golden[], boxes: readonly Box[], classes: readonly string[]) {
  let [overlap, difference] = [1, 0]
  for (const wanted of golden) {
    const label = classes[wanted.class]!
    const same = boxes.filter(
      (box) => box.class === label && Math.abs(box.score - wanted.score) <= MOST_SCORE_DIFFERENCE,
    )
    const [nearest] = same.toSorted((a, b) => boxOverlap(b.box, wanted.box) - boxOverlap(a.box, wanted.box))
    overlap = Math.min(overlap, nearest ? boxOverlap(nearest.box, wanted.box) : 0)
    difference = Math.max(difference, nearest ? Math.abs(nearest.score - wanted.score) : 1)
  }
  return { overlap, difference }
}
