import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PacketQueue } from './packet-queue.ts'

const key = (capturedAt: number) => ({ capturedAt, isKey: true })
const delta = (capturedAt: number) => ({ capturedAt, isKey: false })
const until = (limit: number) => (capturedAt: number) => capturedAt <= limit

function filled(...packets: ReturnType<typeof key>[]): PacketQueue<number> {
  const queue = new PacketQueue<number>()
  for (const packet of packets) queue.take(packet, packet.capturedAt, 0)
  return queue
}

test('nothing is kept before the first key frame, and everything after it goes out when it is due', () => {
  const queue = filled(delta(1), key(2), delta(3), delta(4))
  assert.deepEqual(queue.due(until(0)), [])
  assert.deepEqual(queue.due(until(3)), [2, 3])
  assert.equal(queue.isEmpty, false)
  assert.deepEqual([queue.due(until(9)), queue.isEmpty], [[4], true])
})

test('a decoder that is behind goes on with the next key frame, and what waits already still goes out', () => {
  const queue = filled(key(1), delta(2))
  assert.equal(queue.take(delta(3), 3, 7), false)
  assert.equal(queue.take(delta(4), 4, 0), false, 'what follows builds on a picture that is missing')
  assert.equal(queue.take(key(5), 5, 0), true)
  assert.deepEqual(queue.due(until(9)), [1, 2, 5])
})

test('a page that shows nothing keeps no more than seconds of video', () => {
  const queue = filled(key(0), ...Array.from({ length: 1000 }, (_, n) => delta(n + 1)))
  assert.ok(queue.due(until(9999)).length <= 251)
})

test('after a stop a key frame has to come again', () => {
  const queue = filled(key(1), delta(2))
  queue.clear()
  assert.deepEqual([queue.take(delta(3), 3, 0), queue.isEmpty], [false, true])
})

test('boxes belong to the packet of their capture time; of no packet they are strays, but not beyond those that came', () => {
  const queue = filled(key(10), delta(20), delta(30))
  assert.deepEqual(
    [5, 10, 20, 25, 30, 35].map((at) => queue.isStray(at)),
    [false, false, false, true, false, false],
  )
})

test('boxes of a picture that was left out are no strays: packets begin again with a key frame', () => {
  const queue = filled(key(10), delta(20), key(60))
  assert.deepEqual([queue.isStray(40), filled(key(10), delta(20), delta(60)).isStray(40)], [false, true])
})
