import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { z } from 'zod'
import { openLog, readTopic } from '../../tests/support/log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { SentinelError } from '../errors.ts'
import { CameraChanged, CameraOffline, CameraOnline } from '../events/camera.ts'
import { fromRecord, toRecord, type WireRecord } from '../events/codec.ts'
import { completeEvent } from '../events/complete.ts'
import { defineFunction, type Handler, implement, implementBatch } from '../function.ts'
import type { LogRecord } from '../ports/log.ts'
import type { Ports } from '../ports/ports.ts'
import { type Delivery, deliver } from './deliver.ts'

const declaration = defineFunction({
  name: 'echo',
  on: [CameraOnline],
  emits: [CameraOffline],
  config: z.object({}),
  needs: ['clock'],
  host: 'kafka',
  scale: { min: 0, max: 1, lag: 1 },
})
const gone = (subject: string) => CameraOffline.of(subject, { reason: 'ended', detail: '', retryAt: null })
const never = new AbortController().signal
const signals = { signal: never, superseded: never }

function online(subject: string, id = 'e-1'): WireRecord {
  const draft = CameraOnline.of(subject, { width: 640, height: 360, fps: 25, codec: 'h264' })
  return toRecord(completeEvent(draft, { source: '/test', id, time: '2026-06-01T08:00:00Z' }))
}

const arrived = (record: WireRecord, offset = 0): LogRecord => ({
  ...record,
  topic: 'events.cameras',
  partition: 0,
  offset,
  timestamp: 0,
})

async function setUp(t: TestContext, fn: Delivery['fn']) {
  const log = await openLog(t)
  const heard: string[] = []
  const delivery: Delivery = {
    fn,
    ports: { log, clock: systemClock } as unknown as Ports,
    config: {},
    observer: {
      handled: (name, events) => heard.push(`${name} handled ${events}`),
      published: (_, type) => heard.push(`published ${type}`),
      deadLettered: (_, { offset }) => heard.push(`dead letter ${offset}`),
      retrying: () => {},
    },
  }
  return { log, heard, delivery }
}

const echo = (handle: Handler<typeof declaration>) => implement(declaration, handle)

describe('deliver', () => {
  test('what the handler returns is on the log when it resolves', async (t) => {
    const { log, delivery, heard } = await setUp(
      t,
      echo((event) => gone(event.subject)),
    )
    await deliver(delivery, [arrived(online('cam-1'))], signals)
    const [record] = await readTopic(log, 'events.cameras')
    const event = fromRecord(record!)
    assert.equal(event.type, 'sentinel.camera.offline.v1')
    assert.equal(event.source, '/sentinel/functions/echo')
    assert.deepEqual(heard, ['published sentinel.camera.offline.v1', 'echo handled 1'])
  })

  test('a redelivery repeats the ids of its outputs, each output its own', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(({ subject }) => [gone(subject), gone(subject)]),
    )
    await deliver(delivery, [arrived(online('cam-1'))], signals)
    await deliver(delivery, [arrived(online('cam-1'))], signals)
    const ids = (await readTopic(log, 'events.cameras')).map((record) => fromRecord(record).id)
    assert.equal(ids.length, 4)
    assert.deepEqual(ids.slice(0, 2), ids.slice(2))
    assert.notEqual(ids[0], ids[1])
  })

  test('a stream is published as it comes', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(async function* ({ subject }) {
        yield gone(subject)
        assert.equal((await readTopic(log, 'events.cameras')).length, 1)
        yield gone(subject)
      }),
    )
    await deliver(delivery, [arrived(online('cam-1'))], signals)
    assert.equal((await readTopic(log, 'events.cameras')).length, 2)
  })

  test('a function gets the ports it declared and no others', async (t) => {
    const seen: string[] = []
    const { delivery } = await setUp(
      t,
      echo((_, context) => {
        seen.push(...Object.keys(context).sort())
        return []
      }),
    )
    await deliver(delivery, [arrived(online('cam-1'))], signals)
    assert.deepEqual(seen, ['clock', 'config', 'position', 'signal', 'superseded'])
  })

  test('an event of the topic that the function does not ask for is passed over', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(() => assert.fail('was called')),
    )
    const data = { change: 'added', name: 'n', source: 's', enabled: true, revision: 0 } as const
    const changed = completeEvent(CameraChanged.of('cam-1', data), {
      source: '/t',
      id: 'x',
      time: '2026-06-01T08:00:00Z',
    })
    await deliver(delivery, [arrived(toRecord(changed))], signals)
    assert.deepEqual(await readTopic(log, 'dlq-events'), [])
  })

  const bad: [string, WireRecord, string][] = [
    ['bytes that are no event', { key: 'k', value: Buffer.from('{'), headers: {} }, 'EVENT_MALFORMED'],
    [
      'an undeclared type',
      { ...online('cam-1'), headers: { ...online('cam-1').headers, ce_type: 'other' } },
      'EVENT_UNDECLARED',
    ],
    ['data that does not fit the schema', { ...online('cam-1'), value: Buffer.from('{"width":-1}') }, 'EVENT_INVALID'],
  ]
  for (const [name, record, code] of bad) {
    test(`${name} goes to the dead letters with its bytes, headers and reason, at once`, async (t) => {
      const { log, delivery } = await setUp(
        t,
        echo(() => assert.fail('was called')),
      )
      await deliver(delivery, [arrived(record, 7)], signals)
      const [letter] = await readTopic(log, 'dlq-events')
      assert.deepEqual(Buffer.from(letter!.value as Uint8Array), Buffer.from(record.value as Uint8Array))
      const { dlq_code, dlq_topic, dlq_offset, dlq_function, dlq_attempts, dlq_reason } = letter!.headers
      assert.deepEqual(
        [dlq_code, dlq_topic, dlq_offset, dlq_function, dlq_attempts],
        [code, 'events.cameras', '7', 'echo', '1'],
      )
      assert.ok(String(dlq_reason).length > 10)
      for (const [header, value] of Object.entries(record.headers)) assert.equal(letter!.headers[header], value)
    })
  }

  test('a failure that can pass is thrown for another attempt, however often, and never a dead letter', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(() => {
        throw new SentinelError('DATABASE_UNAVAILABLE', 'down')
      }),
    )
    await assert.rejects(deliver(delivery, [arrived(online('cam-1'))], signals, 1000), { code: 'DATABASE_UNAVAILABLE' })
    assert.deepEqual(await readTopic(log, 'dlq-events'), [])
  })

  test('a failure nobody expected is tried five times, then it is a dead letter', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(() => {
        throw new TypeError('x is undefined')
      }),
    )
    for (let attempt = 1; attempt < 5; attempt++) {
      await assert.rejects(deliver(delivery, [arrived(online('cam-1'))], signals, attempt), TypeError)
    }
    await deliver(delivery, [arrived(online('cam-1'))], signals, 5)
    const [letter] = await readTopic(log, 'dlq-events')
    assert.equal(letter!.headers.dlq_attempts, '5')
    assert.equal(letter!.headers.dlq_reason, 'x is undefined')
    const told = { reason: 'plain', blanks: [{ name: 'text', value: 'x is undefined' }] }
    assert.deepEqual(JSON.parse(String(letter!.headers.dlq_told)), [told])
  })

  test('one bad event of a batch is a dead letter; the others are handled', async (t) => {
    const handled: string[] = []
    const batched = implementBatch(declaration, async (events) => {
      if (events.some(({ subject }) => subject === 'bad')) throw new SentinelError('EVENT_INVALID', 'no such camera')
      handled.push(...events.map(({ subject }) => subject))
      return []
    })
    const { log, delivery } = await setUp(t, batched)
    const records = ['a', 'bad', 'b'].map((subject, i) => arrived(online(subject, `e-${i}`), i))
    await deliver(delivery, records, signals)
    assert.deepEqual(handled, ['a', 'b'])
    assert.deepEqual(
      (await readTopic(log, 'dlq-events')).map(({ key }) => key),
      ['bad'],
    )
  })

  test('a picture that the log has dropped meanwhile is passed over, and the others of its batch are handled', async (t) => {
    const handle = (event: { subject: string }) => {
      if (event.subject === 'cam-2') throw new SentinelError('PICTURE_EXPIRED', 'gone')
      return [gone(event.subject)]
    }
    const { log, delivery, heard } = await setUp(t, echo(handle))
    await deliver(delivery, [arrived(online('cam-2'))], signals)
    assert.deepEqual(heard, [])
    assert.deepEqual(await readTopic(log, 'dlq-events'), [])
  })

  test('work that is given up is neither done nor a dead letter', async (t) => {
    const { log, delivery } = await setUp(
      t,
      echo(() => {
        throw new SentinelError('EVENT_INVALID', 'interrupted')
      }),
    )
    await assert.rejects(
      deliver(delivery, [arrived(online('cam-1'))], { signal: AbortSignal.abort(), superseded: never }),
    )
    assert.deepEqual(await readTopic(log, 'dlq-events'), [])
  })
})
