import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { z } from 'zod'
import { defer } from '../../../tests/support/defer.ts'
import { openLog, readTopic } from '../../../tests/support/log.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { SentinelError } from '../../errors.ts'
import { CameraOffline, CameraOnline } from '../../events/camera.ts'
import { fromRecord } from '../../events/codec.ts'
import { defineFunction, implement } from '../../function.ts'
import type { Ports } from '../../ports/ports.ts'
import { Receiver } from './receiver.ts'

const declaration = defineFunction({
  name: 'echo',
  on: [CameraOnline],
  emits: [CameraOffline],
  config: z.object({}),
  needs: [],
  host: 'knative',
  scale: { min: 0, max: 1, lag: 1 },
})

const online = { width: 640, height: 360, fps: null, codec: 'h264' }
const attributes = {
  specversion: '1.0',
  id: '1',
  source: '/tests',
  type: CameraOnline.type,
  subject: 'cam-1',
  time: '2026-06-01T08:00:00Z',
  datacontenttype: 'application/json',
}
const TRACE = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const binaryHeaders = (more: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  'ce-traceparent': TRACE,
  ...Object.fromEntries(
    Object.entries({ ...attributes, ...more })
      .filter(([name]) => name !== 'datacontenttype')
      .map(([name, value]) => [`ce-${name}`, encodeURIComponent(value)]),
  ),
})

/** The function answers with an event, after `work`. */
async function open(t: TestContext, work: (subject: string) => void | Promise<void> = () => {}, parallel = 2) {
  const log = await openLog(t)
  const fn = implement(declaration, async ({ subject }) => {
    await work(subject)
    return CameraOffline.of(subject, { reason: 'unreachable', detail: '', retryAt: null })
  })
  const observer = { handled() {}, published() {}, retrying() {}, deadLettered() {} }
  const ports = { log, clock: systemClock } as Partial<Ports> as Ports
  const receiver = new Receiver({ delivery: { fn, ports, config: {}, observer }, parallel })
  const server = createServer((request, response) => void receiver.answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  defer(t, () => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const post = (headers: Record<string, string>, body: unknown) =>
    fetch(url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
  const published = async () => (await readTopic(log, 'events.cameras')).map(fromRecord)
  return { receiver, post, published, url }
}

describe('events over HTTP', () => {
  test('binary, structured and batched events are handled, and their outputs are on the log with their trace', async (t) => {
    const { post, published } = await open(t)
    const structured = { ...attributes, id: '2', data: online }
    const statuses = [
      (await post(binaryHeaders(), online)).status,
      (await post({ 'content-type': 'application/cloudevents+json; charset=UTF-8' }, structured)).status,
      (
        await post({ 'content-type': 'application/cloudevents-batch+json' }, [
          { ...structured, id: '3' },
          { ...structured, id: '4' },
        ])
      ).status,
    ]
    assert.deepEqual(statuses, [204, 204, 204])
    const events = await published()
    assert.deepEqual(
      events.map(({ type, subject }) => `${type} ${subject}`),
      Array(4).fill(`${CameraOffline.type} cam-1`),
    )
    assert.match(String(events[0]!.traceparent), /^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/)
  })

  test('an attribute with other letters than ASCII arrives as it was', async (t) => {
    const seen: string[] = []
    const { post } = await open(t, (subject) => void seen.push(subject))
    await post(binaryHeaders({ subject: 'Straße 1%' }), online)
    assert.deepEqual(seen, ['Straße 1%'])
  })

  test('what can never be handled is the sender’s dead letter: 4xx, and nothing is published', async (t) => {
    const { post, published, url } = await open(t)
    assert.equal((await post({ 'content-type': 'application/json' }, online)).status, 400)
    assert.equal((await post({ 'content-type': 'application/cloudevents-batch+json' }, '{}')).status, 400)
    assert.equal((await post(binaryHeaders(), { width: 'wide' })).status, 422)
    assert.equal((await post(binaryHeaders({ type: 'nobody.knows.v1' }), online)).status, 422)
    assert.equal((await fetch(url)).status, 405)
    assert.deepEqual(await published(), [])
  })

  test('an outage and an unknown failure may be sent again: 5xx', async (t) => {
    const errors = [new SentinelError('DATABASE_UNAVAILABLE', 'down'), new Error('odd')]
    const { post } = await open(t, () => {
      throw errors.shift()!
    })
    assert.deepEqual(
      [(await post(binaryHeaders(), online)).status, (await post(binaryHeaders(), online)).status],
      [503, 500],
    )
  })

  test('events of one subject are handled one after another, those of others beside them', async (t) => {
    const running: string[] = []
    let most = 0
    const { post } = await open(
      t,
      async (subject) => {
        running.push(subject)
        assert.equal(running.filter((each) => each === subject).length, 1)
        most = Math.max(most, running.length)
        await new Promise((resolve) => setTimeout(resolve, 20))
        running.splice(running.indexOf(subject), 1)
      },
      4,
    )
    const subjects = ['a', 'b', 'a', 'b', 'a']
    const answers = await Promise.all(
      subjects.map((subject, i) => post(binaryHeaders({ subject, id: `${i}` }), online)),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(5).fill(204),
    )
    assert.equal(most, 2)
  })

  test('beyond what it can hold it asks the sender to come again; when it stops it finishes what it has', async (t) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { receiver, post } = await open(t, () => promise, 1)
    const answers = Array.from({ length: 6 }, (_, i) => post(binaryHeaders({ subject: `${i}`, id: `${i}` }), online))
    // Five are held; only the one that is refused is answered.
    const busy = await Promise.race(answers)
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '1'])
    const stopped = receiver.stop()
    assert.equal((await post(binaryHeaders(), online)).status, 503)
    resolve()
    await stopped
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [204, 204, 204, 204, 204, 429])
  })
})
