import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { FrameImage } from '../events/image.ts'
import { jpegImage } from '../events/image.ts'
import type { Model } from './model.ts'

export interface ModelUnderTest {
  readonly model: Model
  /** A picture with something in it that the model knows, in both forms. */
  readonly decoded: FrameImage
}

/** What every model must do, whatever runs it. */
export function modelContract(
  name: string,
  skip: string | false,
  open: (t: TestContext) => Promise<ModelUnderTest>,
): void {
  describe(`model contract: ${name}`, { skip }, () => {
    test('says what it is', async (t) => {
      const { model } = await open(t)
      assert.match(model.info.digest, /^[0-9a-f]{64}$/)
      assert.ok(model.info.classes.length > 0 && model.parallel > 0)
    })

    test('boxes lie in the picture, name known classes and come best first', async (t) => {
      const { model, decoded } = await open(t)
      const { boxes, timings } = await model.detect(decoded)
      assert.ok(boxes.length > 0)
      for (const { class: label, score, box } of boxes) {
        const [x, y, width, height] = box
        assert.ok(model.info.classes.includes(label))
        assert.ok(score > 0 && score <= 1 && x >= 0 && y >= 0 && width > 0 && height > 0)
        assert.ok(x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9)
      }
      const scores = boxes.map(({ score }) => score)
      assert.deepEqual(
        scores,
        scores.toSorted((a, b) => b - a),
      )
      assert.ok(timings.inferMs > 0)
    })

    test('a picture that arrives as JPEG gives nearly the same boxes', async (t) => {
      const { model, decoded } = await open(t)
      const [best] = (await model.detect(decoded)).boxes
      const jpeg = jpegImage(await decoded.jpeg(), decoded.width, decoded.height)
      const [again] = (await model.detect(jpeg)).boxes
      assert.equal(again!.class, best!.class)
      for (const [i, value] of again!.box.entries()) assert.ok(Math.abs(value - best!.box[i]!) < 0.03)
    })

    test('many at once are all answered', async (t) => {
      const { model, decoded } = await open(t)
      const answers = await Promise.all(Array.from({ length: model.parallel * 3 }, () => model.detect(decoded)))
      for (const { boxes } of answers) assert.deepEqual(boxes, answers[0]!.boxes)
    })

    test('a picture that cannot be read is told, and the next one is looked at', async (t) => {
      const { model, decoded } = await open(t)
      await assert.rejects(model.detect(jpegImage(Buffer.from('no picture'), 1, 1)), { code: 'PICTURE_UNDECODABLE' })
      assert.ok((await model.detect(decoded)).boxes.length > 0)
      await model.check()
    })
  })
}
