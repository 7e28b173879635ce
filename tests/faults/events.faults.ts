import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { SentinelError } from '../../platform/errors.ts'
import type { WireRecord } from '../../platform/events/codec.ts'
import { type Implementation, implement } from '../../platform/function.ts'
import type { Clock } from '../../platform/ports/clock.ts'
import { readTopic } from '../support/log.ts'
import { generator } from '../support/tiny-yolox.ts'
import {
  declaration,
  eventOf,
  eventsOf,
  idOf,
  PARTITIONS,
  probe,
  report,
  sendAll,
  tallyOf,
  untilDone,
  WITHIN_MS,
} from './probe.ts'
import { consume, world } from './world.ts'

const EVENTS = 300
const DAY_MS = 86_400_000

const { value, headers } = eventOf('poison', 'cam-0')

/** Every way in which a record can be no event of its topic, and events on which the function itself fails. */
const POISON: Readonly<Record<string, Pick<WireRecord, 'value' | 'headers'>>> = {
  'no bytes at all': { value: null, headers },
  'no JSON': { value: Buffer.from('{"until":'), headers },
  'not UTF-8': { value: Buffer.from([0x22, 0xff, 0xfe, 0x22]), headers },
  'no headers': { value, headers: {} },
  'another version of CloudEvents': { value, headers: { ...headers, ce_specversion: '0.3' } },
  'a time that is none': { value, headers: { ...headers, ce_time: 'yesterday' } },
  'no type': { value, headers: { ...headers, ce_type: undefined } },
  'a type of another topic': { value, headers: { ...headers, ce_type: 'sentinel.frame.detected.v1' } },
  'data that is missing a field': { value: Buffer.from('{"until":1}'), headers },
  'data of another shape': { value: Buffer.from('[1,2,3]'), headers },
  'data that nests deep': { value: Buffer.from('['.repeat(5000) + ']'.repeat(5000)), headers },
  'a picture that cannot be decoded': { value, headers: { ...headers, ce_id: 'undecodable' } },
  'an event that a bug fails on': { value, headers: { ...headers, ce_id: 'bug' } },
}

describe('events that nobody can handle', () => {
  test('go to the dead letters with a reason, and the events around them are handled', {
    timeout: WITHIN_MS * 2,
  }, async (t) => {
    const places = await world(t)
    const sent = eventsOf(17, EVENTS)
    const kinds = Object.entries(POISON)
    const mixed = sent.flatMap((record, i) => {
      const [, poison] = i % 20 === 0 ? (kinds[i / 20] ?? []) : []
      return poison ? [{ ...poison, key: record.key }, record] : [record]
    })
    const fragile = implement(declaration, async (event, context) => {
      if (event.id === 'bug') throw new TypeError('undefined is not a function')
      if (event.id === 'undecodable') throw new SentinelError('PICTURE_UNDECODABLE', 'it is no JPEG')
      return probe.handle!(event, context)
    }) as Implementation
    await consume(t, places, { fn: fragile })
    await sendAll(places.log, mixed)
    await untilDone(places.log)
    const letters = await readTopic(places.log, 'dlq-events', PARTITIONS)
    const reasons = letters.map((letter) => `${letter.headers.dlq_code}: ${letter.headers.dlq_reason}`)
    assert.equal(letters.length, kinds.length, reasons.join('\n'))
    assert.ok(reasons.every((reason) => reason.length > 10))
    t.diagnostic(`dead letters: ${reasons.sort().join('; ')}`)
    report(t, await tallyOf(places.log, places.database, sent))
  })
})

describe('the clock', () => {
  test('jumping by up to a day, to and fro', { timeout: WITHIN_MS * 2 }, async (t) => {
    const places = await world(t)
    const random = generator(18)
    let offset = 0
    const clock: Clock = { now: () => systemClock.now() + offset, sleep: systemClock.sleep }
    const jumping = setInterval(() => {
      offset = (random() - 0.5) * 2 * DAY_MS
    }, 20)
    t.after(() => clearInterval(jumping))
    await consume(t, places, { ports: { clock } })
    const sent = eventsOf(18, EVENTS)
    await sendAll(places.log, sent, 5)
    await untilDone(places.log)
    assert.equal(new Set(sent.map(idOf)).size, EVENTS)
    report(t, await tallyOf(places.log, places.database, sent))
  })
})
