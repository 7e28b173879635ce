import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import type { Pixels } from '../../events/image.ts'
import { pictureReaderContract } from '../../ports/pictures.contract.ts'
import { pixelBytes, planesOf } from './codec.ts'
import { Pictures } from './pictures.ts'

/** A ramp from left to right, in a colour. */
function ramp(width: number, height: number): Pixels {
  const pixels = { width, height, data: new SharedArrayBuffer(pixelBytes(width, height)) }
  const [y, u, v] = planesOf(pixels).data
  for (let at = 0; at < y!.length; at++) y![at] = 16 + Math.floor(((at % width) * 219) / width)
  u!.fill(100)
  v!.fill(160)
  return pixels
}

for (const [width, height] of [
  [768, 432],
  [33, 17],
  [2, 2],
] as const) {
  test(`a ${width}×${height} picture comes back from its JPEG as it was`, async (t) => {
    const pictures = new Pictures()
    defer(t, () => pictures.close())
    const before = ramp(width, height)
    const after = await pictures.decode(await pictures.image(before).jpeg())
    assert.deepEqual([after.width, after.height], [width, height])
    const [a, b] = [new Uint8Array(before.data), new Uint8Array(after.data)]
    const difference = a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length
    assert.ok(difference < 3, `differs by ${difference} on average`)
  })
}

test('a colour comes back from its JPEG without a shift', async (t) => {
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  for (const colour of [
    [60, 90, 200],
    [180, 140, 110],
    [126, 128, 128],
  ] as const) {
    // Planes of an odd number of bytes, at odd places.
    const before = { width: 65, height: 63, data: new SharedArrayBuffer(pixelBytes(65, 63)) }
    for (const [i, plane] of planesOf(before).data.entries()) plane.fill(colour[i]!)
    const after = planesOf(await pictures.decode(await pictures.encode(before))).data
    const far = after.flatMap((plane, i) => [...plane].filter((value) => Math.abs(value - colour[i]!) > 1))
    assert.deepEqual(far, [])
  }
})

test('a picture is encoded once, however many ask', async (t) => {
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  const image = pictures.image(ramp(64, 64))
  const [one, two] = await Promise.all([image.jpeg(), image.jpeg()])
  assert.equal(one, two)
  assert.equal(image.byteLength, pixelBytes(64, 64) + one.byteLength)
})

test('what is no picture, or too large a one, is refused and the next is read', async (t) => {
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  const good = Buffer.from(await pictures.image(ramp(64, 64)).jpeg())
  const bomb = Buffer.from(good)
  const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]))
  bomb.writeUInt16BE(65000, frame + 5)
  bomb.writeUInt16BE(65000, frame + 7)
  for (const bytes of [bomb, Buffer.from('GIF89a'), Buffer.alloc(0), good.subarray(0, 30)]) {
    await assert.rejects(pictures.decode(bytes), { code: 'PICTURE_UNDECODABLE' })
  }
  assert.equal((await pictures.decode(good)).width, 64)
})

pictureReaderContract('node-av', (t) => {
  const reader = new Pictures()
  defer(t, () => reader.close())
  const grey = (width: number, height: number, luma: number): Promise<Uint8Array> => {
    const pixels = { width, height, data: new SharedArrayBuffer(pixelBytes(width, height)) }
    const [y, u, v] = planesOf(pixels).data
    y!.fill(luma)
    u!.fill(128)
    v!.fill(128)
    return reader.encode(pixels)
  }
  return { reader, grey }
})
