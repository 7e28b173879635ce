import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { loadModel } from '../../platform/adapters/model-onnxruntime/load-model.ts'
import { jpegImage } from '../../platform/events/image.ts'
import { defer } from '../support/defer.ts'
import { sharedFile } from '../support/shared.ts'
import golden from './golden.json' with { type: 'json' }

interface Seen {
  readonly class: string
  readonly score: number
  /** Left, top, right, bottom in shares of the picture. */
  readonly corners: readonly number[]
}

const model = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')

/** FFmpeg and OpenCV decode and scale a JPEG a little differently; the model then differs by this much at most. */
const LEAST_OVERLAP = 0.9
const MOST_SCORE_DIFFERENCE = 0.05

function overlap(a: readonly number[], b: readonly number[]): number {
  const width = Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!)
  const height = Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!)
  const shared = Math.max(0, width) * Math.max(0, height)
  const area = (each: readonly number[]): number => (each[2]! - each[0]!) * (each[3]! - each[1]!)
  return shared / (area(a) + area(b) - shared)
}

describe('what we see is what plain Python sees', { skip: model.skip || names.skip }, () => {
  for (const [name, expected] of Object.entries(golden as Record<string, readonly Seen[]>)) {
    test(name, async (t) => {
      const detector = await loadModel({ file: model.path, names: names.path, workers: 1 })
      defer(t, () => detector.close())
      const jpeg = await readFile(sharedFile(`images/road/${name}`).path)
      const { boxes } = await detector.detect(jpegImage(jpeg, 0, 0))
      const seen = boxes.map(({ class: label, score, box: [x, y, w, h] }) => ({
        class: label,
        score,
        corners: [x, y, x + w, y + h],
      }))
      // Which of several doubtful cells wins is a matter of rounding.
      for (const each of expected.filter(({ score }) => score >= 0.5)) {
        const same = seen.filter((other) => other.class === each.class)
        const best = same.toSorted((a, b) => overlap(b.corners, each.corners) - overlap(a.corners, each.corners))[0]
        assert.ok(best, `no ${each.class}`)
        assert.ok(
          overlap(best.corners, each.corners) >= LEAST_OVERLAP,
          `${each.class}: overlap ${overlap(best.corners, each.corners)}`,
        )
        assert.ok(
          Math.abs(best.score - each.score) <= MOST_SCORE_DIFFERENCE,
          `${each.class}: ${best.score} for ${each.score}`,
        )
      }
      const strong = seen.filter(({ score }) => score >= 0.45)
      assert.ok(strong.length <= expected.length, 'more boxes than Python sees')
    })
  }
})
