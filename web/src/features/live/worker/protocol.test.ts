import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSkewed, type PictureHeader, readBinary } from './protocol.ts'

function message(header: object, jpeg: Uint8Array): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(4 + text.length + jpeg.length)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 4)
  bytes.set(jpeg, 4 + text.length)
  return bytes.buffer
}

test('a picture is its header and its JPEG, also when the header has letters of several bytes', () => {
  const header = { type: 'frame', camera: 'Brücke-Süd', frame: 'f-1', boxes: [{ class: '車', score: 0.5 }] }
  const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)
  const picture = readBinary(message(header, jpeg))
  assert.deepEqual(picture.header, header)
  assert.deepEqual(picture.bytes, jpeg)
})

test('a message that ends before its header does is refused', () => {
  const whole = message({ type: 'frame' }, Uint8Array.of(1))
  assert.throws(() => readBinary(whole.slice(0, 8)), RangeError)
})

test('boxes of another frame than the picture they came with are told from those of the same', () => {
  const header = { frame: 'f-2', capturedAt: 2000, picture: { frame: 'f-2', capturedAt: 2000 } } as PictureHeader
  assert.equal(isSkewed(header), false)
  assert.equal(isSkewed({ ...header, picture: { frame: 'f-1', capturedAt: 1000 } }), true)
  assert.equal(isSkewed({ ...header, capturedAt: 1000 }), true)
})
