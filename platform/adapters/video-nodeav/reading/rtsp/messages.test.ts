import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeMessage, headerOf, type RtspMessage, RtspSplitter, withHeaders } from './messages.ts'

const frame = (channel: number, media: Uint8Array): Buffer => {
  const head = Buffer.from([0x24, channel, 0, 0])
  head.writeUInt16BE(media.length, 2)
  return Buffer.concat([head, media])
}
const answer = (sequence: number, body: string): RtspMessage => ({
  start: 'RTSP/1.0 200 OK',
  headers: [
    ['CSeq', String(sequence)],
    ['Content-Length', String(body.length)],
  ],
  body: Buffer.from(body, 'latin1'),
})

/** A media frame as bytes, a message as what it says. */
const part = fc.oneof(
  fc.record({ channel: fc.nat(3), media: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ sequence: fc.nat(99), body: fc.string({ unit: 'grapheme-ascii', maxLength: 30 }) }),
)

test('messages and media come out in their order and whole, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 60 })), (parts, cuts) => {
      const wire = Buffer.concat(
        parts.map((each) =>
          'media' in each ? frame(each.channel, each.media) : encodeMessage(answer(each.sequence, each.body)),
        ),
      )
      const seen: Buffer[] = []
      const splitter = new RtspSplitter(
        (message) => seen.push(encodeMessage(message)),
        (media) => seen.push(Buffer.from(media)),
      )
      let at = 0
      for (const cut of [...cuts, wire.length]) {
        splitter.push(Buffer.from(wire.subarray(at, at + cut)))
        at = Math.min(wire.length, at + cut)
      }
      assert.deepEqual(Buffer.concat(seen), wire)
    }),
  )
})

test('headers are found and replaced whatever their case', () => {
  const message = withHeaders(answer(7, ''), { cseq: '8', 'Content-Length': undefined, Session: 'x' })
  assert.deepEqual(message.headers, [
    ['cseq', '8'],
    ['Session', 'x'],
  ])
  assert.equal(headerOf(message, 'session'), 'x')
  assert.equal(headerOf(message, 'content-length'), undefined)
})

test('what is no RTSP, and what never ends, is refused', () => {
  const splitter = () =>
    new RtspSplitter(
      () => {},
      () => {},
    )
  const refused: [string, RegExp][] = [
    ['HTTP/1.1 200 OK\r\n\r\n', /does not speak RTSP/],
    ['RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n', /no sensible length/],
    [`RTSP/1.0 200 OK\r\n${'x: y\r\n'.repeat(60_000)}`, /endless headers/],
  ]
  for (const [text, reason] of refused) assert.throws(() => splitter().push(Buffer.from(text)), reason)
})
