import assert from 'node:assert/strict'
import test from 'node:test'
import type { TrueBox, TruePicture } from '../truth.ts'
import { toCoco } from './coco.ts'
import { toYolo, yoloDescription } from './yolo.ts'

const bus: TrueBox = {
  class: 'bus',
  id: '306',
  box: [64, 36, 128, 72],
  full: [60, 36, 140, 80],
  visibility: 0.8,
  position: [1, 2],
  speed: 3,
}
const walker: TrueBox = { ...bus, class: 'person', id: '7', box: [0, 0, 10, 20] }
const picture: TruePicture = {
  image: 'a.jpg',
  width: 640,
  height: 360,
  mood: 'day',
  seed: 1,
  camera: 'v000',
  boxes: [bus, walker],
}
const empty: TruePicture = { ...picture, image: 'b.jpg', boxes: [] }

test('COCO names every box by its picture and its class, counted from 1', () => {
  const { images, annotations, categories } = toCoco([empty, picture])
  assert.deepEqual(
    images.map(({ id, file_name }) => [id, file_name]),
    [
      [1, 'b.jpg'],
      [2, 'a.jpg'],
    ],
  )
  assert.deepEqual(
    annotations.map(({ id, image_id }) => [id, image_id]),
    [
      [1, 2],
      [2, 2],
    ],
  )
  assert.deepEqual(annotations[0]!.bbox, [64, 36, 128, 72])
  assert.equal(annotations[0]!.area, 128 * 72)
  const name = (category: number) => categories.find(({ id }) => id === category)?.name
  assert.deepEqual(
    annotations.map(({ category_id }) => name(category_id)),
    ['bus', 'person'],
  )
})

test('YOLO text gives the middle and the size as shares of the picture', () => {
  assert.equal(toYolo(picture), '4 0.200000 0.200000 0.200000 0.200000\n0 0.007813 0.027778 0.015625 0.055556\n')
})

test('a picture of nobody has an empty YOLO text and stays in COCO', () => {
  assert.equal(toYolo(empty), '')
  assert.equal(toCoco([empty]).images.length, 1)
})

test('the YOLO description names the classes in the order of their numbers', () => {
  assert.match(
    yoloDescription(),
    /0: person\n {2}1: bicycle\n {2}2: motorcycle\n {2}3: car\n {2}4: bus\n {2}5: truck\n/,
  )
})
