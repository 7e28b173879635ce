import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { eventually, openLog, readTopic } from '../../tests/support/log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import type { WireRecord } from '../events/codec.ts'
import type { TopicName } from '../events/topics.ts'
import type { AnyDefinition } from '../function.ts'
import type { Ports } from '../ports/ports.ts'
import { Consumer } from './consumer.ts'
import { deliver } from './deliver.ts'
import { functions } from './functions.ts'

const attributes = {
  ce_specversion: '1.0',
  ce_id: 'e',
  ce_source: '/s',
  ce_subject: 'k',
  ce_time: '2026-06-01T08:00:00Z',
}
const SILENT = { handled() {}, published() {}, deadLettered() {}, retrying() {} }

/** Everything that is wrong with an event in its own way. */
const broken = (type: string): [string, WireRecord][] => [
  ['no event at all', { key: 'k', value: Buffer.from([0, 1, 2, 255]), headers: {} }],
  ['a tombstone without attributes', { key: 'k', value: null, headers: {} }],
  [
    'an unknown type',
    { key: 'k', value: Buffer.from('{}'), headers: { ...attributes, ce_type: 'sentinel.unknown.v1' } },
  ],
  [
    'half a JSON text',
    {
      key: 'k',
      value: Buffer.from('{"a":'),
      headers: { ...attributes, ce_type: type, 'content-type': 'application/json' },
    },
  ],
  [
    'data of another shape',
    {
      key: 'k',
      value: Buffer.from('[]'),
      headers: { ...attributes, ce_type: type, 'content-type': 'application/json' },
    },
  ],
]

describe('a malformed event stops no function, on any topic', () => {
  for (const fn of functions) {
    const definitions = fn.declaration.on as readonly AnyDefinition[]
    const topics = [...new Set(definitions.map(({ topic }) => topic))] as TopicName[]
    for (const topic of topics) {
      test(`${fn.declaration.name} on ${topic}`, async (t) => {
        const log = await openLog(t)
        const { type } = definitions.find((each) => each.topic === topic)!
        const records = broken(type).map(([, record]) => record)
        await log.produce(topic, records)
        const { name, delivery } = fn.declaration
        const context = { fn, ports: { log, clock: systemClock } as unknown as Ports, config: {}, observer: SILENT }
        const consumer = await Consumer.start({
          log,
          clock: systemClock,
          group: name,
          topics: [topic],
          parallel: delivery?.parallel ?? 1,
          batch: delivery?.batch ?? 1,
          work: (batch, signals, attempt) => deliver(context, batch, signals, attempt),
        })
        defer(t, () => consumer.stop())
        await eventually(async () => (await log.lag(name)).every(({ lag }) => lag === 0))
        const letters = await readTopic(log, 'dlq-events')
        assert.equal(letters.length, records.length)
        assert.ok(letters.every(({ headers }) => headers.dlq_topic === topic && headers.dlq_function === name))
      })
    }
  }
})
