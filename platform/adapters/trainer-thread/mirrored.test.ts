import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pixelBytes, planesOf } from '../pictures/codec.ts'
import { mirrored, mirroredTruths } from './mirrored.ts'

test('a mirrored picture has its left on the right in every plane, and mirrored again it is what it was', () => {
  const [width, height] = [5, 4]
  const data = new SharedArrayBuffer(pixelBytes(width, height))
  new Uint8Array(data).forEach((_, at, all) => {
    all[at] = at * 3
  })
  const pixels = { width, height, data }
  const turned = mirrored(pixels)
  for (const [at, plane] of planesOf(pixels).data.entries()) {
    const stride = planesOf(pixels).strides[at]!
    const row = [...planesOf(turned).data[at]!.subarray(stride, 2 * stride)]
    assert.deepEqual(row, [...plane.subarray(stride, 2 * stride)].reverse())
  }
  assert.deepEqual(Buffer.from(mirrored(turned).data), Buffer.from(data))
})

test('boxes are mirrored where the picture lies in the input', () => {
  const truths = [{ classIndex: 1, box: [30, 7, 10, 4] as const }]
  assert.deepEqual(mirroredTruths(truths, 16, 100), [{ classIndex: 1, box: [102, 7, 10, 4] }])
  assert.deepEqual(mirroredTruths(mirroredTruths(truths, 16, 100), 16, 100), truths)
})
