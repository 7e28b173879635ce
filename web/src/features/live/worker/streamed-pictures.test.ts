import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PictureHeader } from './protocol.ts'
import { StreamedPictures } from './streamed-pictures.ts'

const AT = 1_780_300_800_000_000
/** 25 pictures a second. */
const STEP = 40_000
const frame = {} as VideoFrame

/** Boxes of one car that is `x` from the left. */
const boxes = (capturedAt: number, x: number) =>
  ({
    capturedAt,
    boxes: [{ class: 'car', score: 0.9, trackId: 't', box: [x, 0.1, 0.1, 0.1] }],
  }) as unknown as PictureHeader

const left = (picture: ReturnType<StreamedPictures['take']>): number => picture!.boxes[0]!.box[0]

test('a picture of the stream gets the boxes of its capture time, seconds after they came', () => {
  const pictures = new StreamedPictures()
  for (let n = 0; n < 25; n++) pictures.takeBoxes(boxes(AT + n * 200_000, n / 100))
  const own = pictures.take(frame, AT + 400_000)
  assert.deepEqual([left(own), own!.ageUs, own!.lagMs], [0.02, 0, 0])
  const between = pictures.take(frame, AT + 440_000)
  assert.equal(left(between).toFixed(4), '0.0220')
  assert.equal(between!.ageUs, 40_000)
})

test('a playlist that rounds to the millisecond still means the same picture', () => {
  const pictures = new StreamedPictures()
  for (let n = 0; n < 3; n++) pictures.takeBoxes(boxes(AT + n * 200_000 + 617, n / 100))
  for (let n = 0; n < 10; n++) pictures.take(frame, AT + n * STEP)
  assert.equal(pictures.take(frame, AT + 400_000)!.ageUs, 0)
  assert.equal(pictures.skewed, 0)
})

test('boxes that lie between two pictures that follow each other are counted as those of another clock', () => {
  const pictures = new StreamedPictures()
  for (let n = 0; n < 3; n++) pictures.takeBoxes(boxes(AT + n * 200_000 + 17_000, n / 100))
  for (let n = 0; n < 10; n++) pictures.take(frame, AT + n * STEP)
  assert.equal(pictures.skewed, 2)
})

test('a picture that was left out makes no skew', () => {
  const pictures = new StreamedPictures()
  pictures.takeBoxes(boxes(AT + 3 * STEP, 0.1))
  for (const n of [0, 1, 2, 4, 5]) pictures.take(frame, AT + n * STEP)
  assert.equal(pictures.skewed, 0)
})

test('a stream by another clock gets no boxes at all, and says so', () => {
  const pictures = new StreamedPictures()
  assert.ok(pictures.take(frame, AT), 'before any boxes nothing can be compared')
  pictures.takeBoxes(boxes(AT, 0.1))
  assert.equal(pictures.take(frame, AT - 3_600_000_000), undefined)
  assert.ok(pictures.take(frame, AT - 4_000_000))
})

test('a detection that lags behind the stream is told', () => {
  const pictures = new StreamedPictures()
  pictures.takeBoxes(boxes(AT, 0.1))
  assert.equal(pictures.take(frame, AT + 2_500_000)!.lagMs, 2500)
})
