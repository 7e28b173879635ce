import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AnnexB, codecOf } from './h264.ts'

const sps = [0x67, 0x64, 0x00, 0x16, 0xac]
const pps = [0x68, 0xee, 0x3c]
const idr = [0x65, 0x88, 0x84]
const delta = [0x41, 0x9a]
const code = [0, 0, 0, 1]
/** As MP4 holds it: lengths of two bytes. */
const avcC = Buffer.of(1, 0x64, 0, 0x16, 0xfd, 0xe1, 0, sps.length, ...sps, 1, 0, pps.length, ...pps)

test('the lengths of MP4 become start codes, and a key frame gets its parameter sets', () => {
  const annexB = new AnnexB(avcC)
  const key = annexB.packet(Buffer.of(0, idr.length, ...idr))!
  assert.deepEqual([...key.data], [...code, ...sps, ...code, ...pps, ...code, ...idr])
  assert.deepEqual([key.isKey, codecOf(key.data)], [true, 'avc1.640016'])
  const next = annexB.packet(Buffer.of(0, delta.length, ...delta))!
  assert.deepEqual([next.isKey, [...next.data], codecOf(next.data)], [false, [...code, ...delta], undefined])
})

test('a camera that sends its parameter sets keeps them, and one that told them only beside gets them', () => {
  const beside = new AnnexB(Buffer.of(...code, ...sps, ...code, ...pps))
  const whole = [...code, ...sps, ...code, ...pps, ...code, ...idr]
  assert.deepEqual([...beside.packet(Buffer.of(0, 0, 1, ...idr))!.data], whole)
  assert.deepEqual([...new AnnexB(null).packet(Buffer.from(whole))!.data], whole)
})

test('what is no packet gives none', () => {
  const annexB = new AnnexB(avcC)
  for (const broken of [[], [0], [0, 9, 1, 2], [0, 0]]) assert.equal(annexB.packet(Buffer.from(broken)), undefined)
  assert.equal(new AnnexB(null).packet(Buffer.of(1, 2, 3)), undefined)
})
