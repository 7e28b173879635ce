import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { CloudEvent, Kafka } from 'cloudevents'
import { fromRecord, toRecord, toStructuredRecord, type WireRecord } from './codec.ts'
import type { SentinelEvent } from './event.ts'
import { isFrameImage } from './image.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const opened: SentinelEvent = {
  specversion: '1.0',
  id: 'e-1',
  source: '/sentinel/functions/frame-grabber',
  type: 'sentinel.camera.online.v1',
  subject: 'cam-1',
  time: '2026-06-01T08:00:00.123Z',
  datacontenttype: 'application/json',
  data: { width: 640 },
}

describe('golden records', () => {
  const golden: { name: string; event: Partial<SentinelEvent>; record: WireRecord }[] = [
    {
      name: 'binary mode: attributes are headers, data is the value, the subject is the key',
      event: opened,
      record: {
        key: 'cam-1',
        value: bytes('{"width":640}'),
        headers: {
          'content-type': 'application/json',
          ce_specversion: '1.0',
          ce_id: 'e-1',
          ce_source: '/sentinel/functions/frame-grabber',
          ce_type: 'sentinel.camera.online.v1',
          ce_subject: 'cam-1',
          ce_time: '2026-06-01T08:00:00.123Z',
        },
      },
    },
    {
      name: 'unicode stays UTF-8, unescaped, in headers and value',
      event: { specversion: '1.0', id: 'é', source: '/名', type: 't', subject: 'Straße 🚦', data: { text: '€' } },
      record: {
        key: 'Straße 🚦',
        value: bytes('{"text":"€"}'),
        headers: { ce_specversion: '1.0', ce_id: 'é', ce_source: '/名', ce_type: 't', ce_subject: 'Straße 🚦' },
      },
    },
    {
      name: 'an event without data is a tombstone',
      event: { specversion: '1.0', id: 'e', source: '/s', type: 't', subject: 'k' },
      record: {
        key: 'k',
        value: null,
        headers: { ce_specversion: '1.0', ce_id: 'e', ce_source: '/s', ce_type: 't', ce_subject: 'k' },
      },
    },
    {
      name: 'undefined attributes are left out',
      event: {
        specversion: '1.0',
        id: 'e',
        source: '/s',
        type: 't',
        subject: 'k',
        dataschema: undefined,
        data: 1,
      } as never,
      record: {
        key: 'k',
        value: bytes('1'),
        headers: { ce_specversion: '1.0', ce_id: 'e', ce_source: '/s', ce_type: 't', ce_subject: 'k' },
      },
    },
    {
      name: 'a partition key wins over the subject as key',
      event: { specversion: '1.0', id: 'e', source: '/s', type: 't', subject: 'k', partitionkey: 'p', data: 1 },
      record: {
        key: 'p',
        value: bytes('1'),
        headers: {
          ce_specversion: '1.0',
          ce_id: 'e',
          ce_source: '/s',
          ce_type: 't',
          ce_subject: 'k',
          ce_partitionkey: 'p',
        },
      },
    },
  ]

  for (const { name, event, record } of golden) {
    test(name, () => {
      assert.deepEqual(toRecord(event), record)
      const read = fromRecord(record)
      for (const [attribute, value] of Object.entries(event)) assert.deepEqual(read[attribute], value)
    })
  }
})

test('structured mode carries the whole event, and binary data as base64', () => {
  const { value, headers } = toStructuredRecord({ ...opened, data: bytes('\u0000ÿ') as never })
  assert.equal(headers['content-type'], 'application/cloudevents+json; charset=UTF-8')
  assert.equal(JSON.parse(Buffer.from(value as Uint8Array).toString()).data_base64, 'AMO/')
  assert.deepEqual(fromRecord(toStructuredRecord(opened)), opened)
})

test('headers may be Buffers or lists, as Kafka clients hand them over', () => {
  const { key, value, headers } = toRecord(opened)
  const buffers = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(String(text))]))
  assert.deepEqual(fromRecord({ key, value, headers: buffers }), opened)
  assert.equal(fromRecord({ key, value, headers: { ...headers, ce_id: ['first', Buffer.from('last')] } }).id, 'last')
})

test('the reference SDK reads our records, and we read its', () => {
  const event = new CloudEvent({ ...opened, extra: 'x' })
  const theirs = Kafka.binary(event)
  const read = fromRecord({ key: null, value: bytes(JSON.stringify(theirs.value)), headers: theirs.headers as never })
  assert.deepEqual({ ...read }, { ...opened, extra: 'x' })
  const { value, headers } = toRecord(opened)
  const ours = Kafka.toEvent({
    headers: headers as never,
    body: '',
    key: '',
    value: Buffer.from(value as Uint8Array),
  } as never)
  assert.deepEqual((ours as CloudEvent).data, opened.data)
})

test('a JPEG value is a picture with the size its attributes say', () => {
  const event = fromRecord({
    key: 'cam-1',
    value: bytes('jpeg'),
    headers: { ...toRecord(opened).headers, 'content-type': 'image/jpeg', ce_width: '640', ce_height: '360' },
  })
  assert.ok(isFrameImage(event.data))
  assert.deepEqual([event.data.width, event.data.height], [640, 360])
})

describe('what is not a CloudEvent is malformed', () => {
  const { key, value, headers } = toRecord(opened)
  const broken: [string, WireRecord][] = [
    ['no headers', { key, value, headers: {} }],
    ['another specversion', { key, value, headers: { ...headers, ce_specversion: '0.3' } }],
    ['no id', { key, value, headers: { ...headers, ce_id: undefined } }],
    ['no subject and no key', { key: null, value, headers: { ...headers, ce_subject: undefined } }],
    ['a time that is none', { key, value, headers: { ...headers, ce_time: 'yesterday' } }],
    ['half a JSON text', { key, value: bytes('{"width":'), headers }],
    ['text that is not UTF-8', { key, value, headers: { ...headers, ce_id: Buffer.from([0xff, 0xfe]) } }],
    [
      'a structured event that is a list',
      { key, value: bytes('[]'), headers: { 'content-type': 'application/cloudevents+json' } },
    ],
    [
      'a structured event without value',
      { key, value: null, headers: { 'content-type': 'application/cloudevents+json' } },
    ],
  ]
  for (const [name, record] of broken) {
    test(name, () => assert.throws(() => fromRecord(record), { code: 'EVENT_MALFORMED' }))
  }
})
