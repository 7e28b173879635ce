import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { readTopic } from '../../../tests/support/log.ts'
import { jpegImage } from '../../events/image.ts'
import { topics } from '../../events/topics.ts'
import { TestClock } from '../../testing.ts'
import { EmbeddedLog } from './embedded-log.ts'

async function open(t: TestContext, framesBytes?: number) {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-retention-'))
  const clock = new TestClock()
  const options = { directory, clock, ...(framesBytes !== undefined && { framesBytes }) }
  const log = await EmbeddedLog.open(options)
  defer(t, async () => {
    await log.close()
    await rm(directory, { recursive: true })
  })
  return { log, clock }
}

const record = (key: string, bytes: number) => ({ key, value: Buffer.alloc(bytes), headers: {} })

test('frames stay within their bytes whatever their consumer does, and the oldest go first', async (t) => {
  const { log, clock } = await open(t, 100_000)
  const member = await log.join({ group: 'detect', topics: ['frames'] })
  for (let n = 0; n < 500; n++) {
    clock.advance(1)
    await log.produce('frames', [record(`camera-${n % 7}`, 1000)])
  }
  const held = await readTopic(log, 'frames')
  assert.equal(held.length, 100)
  assert.equal(Math.min(...held.map(({ timestamp }) => timestamp)), clock.now() - 99)
  const seen = await member.fetch(1000, AbortSignal.timeout(50))
  assert.equal(seen.length, 100)
  await member.leave()
})

test('a frame that is forgotten gives its pixels back', async (t) => {
  const { log } = await open(t, 2500)
  const released: number[] = []
  for (let n = 0; n < 4; n++) {
    const image = { ...jpegImage(new Uint8Array(1000), 8, 8), release: () => released.push(n) }
    await log.produce('frames', [{ key: 'a', value: image, headers: {} }])
  }
  assert.deepEqual(released, [0, 1])
})

test('a topic forgets what is older than its retention, and offsets go on', async (t) => {
  const { log, clock } = await open(t)
  const { partition, offset } = (await log.produce('events.cameras', [record('a', 10)]))[0]!
  clock.advance(topics['events.cameras'].retentionMs + 1)
  await log.retain()
  assert.deepEqual(await readTopic(log, 'events.cameras'), [])
  const [next] = await log.produce('events.cameras', [record('a', 10)])
  assert.deepEqual(next, { topic: 'events.cameras', partition, offset: offset + 1 })
})

test('a topic forgets its oldest segments when it outgrows its bytes', async (t) => {
  const { log } = await open(t)
  const megabyte = 1024 * 1024
  for (let n = 0; n < 24; n++) await log.produce('cameras.watch', [record('a', megabyte)])
  await log.retain()
  const left = await readTopic(log, 'cameras.watch')
  assert.ok(left.length < 24 && left.length > 0)
  assert.equal(left.at(-1)!.offset, 23)
})
