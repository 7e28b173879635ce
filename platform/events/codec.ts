import { SentinelError } from '../errors.ts'
import type { SentinelEvent } from './event.ts'
import { type FrameImage, isFrameImage, jpegImage } from './image.ts'

/** What a record holds: bytes, a picture that becomes bytes only when it crosses a wire, or null for a tombstone. */
export type RecordValue = Uint8Array | FrameImage | null

/** A Kafka record as every client can produce it. */
export interface WireRecord {
  readonly key: string | null
  readonly value: RecordValue
  readonly headers: Readonly<Record<string, HeaderValue | HeaderValue[] | undefined>>
}

type HeaderValue = string | Uint8Array

const STRUCTURED = 'application/cloudevents+json'
const JSON_TYPE = /^[^;]*[/+]json\s*(;|$)/i
const ATTRIBUTE_NAME = /^[a-z0-9]+$/
const text = new TextDecoder('utf-8', { fatal: true })
const utf8 = new TextEncoder()

/**
 * Binary mode of the CloudEvents Kafka binding 1.0.2: the data is the value, every attribute a `ce_` header in UTF-8,
 * `datacontenttype` the `content-type` header, `partitionkey` also the key. Attributes that are undefined are left out.
 */
export function toRecord(event: Partial<SentinelEvent>): WireRecord {
  const { data, datacontenttype, ...attributes } = event
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null) continue
    headers[`ce_${attributeName(name)}`] = attributeText(value)
  }
  if (datacontenttype !== undefined) headers['content-type'] = datacontenttype
  const key = attributes.partitionkey ?? attributes.subject
  return { key: key === undefined ? null : String(key), value: encodeData(data, datacontenttype), headers }
}

/** Structured mode: the whole event as JSON in the value. Binary data goes into `data_base64`. */
export function toStructuredRecord(event: Partial<SentinelEvent>): WireRecord {
  const { data, ...attributes } = event
  const body = data instanceof Uint8Array ? { data_base64: Buffer.from(data).toString('base64') } : { data }
  const key = attributes.partitionkey ?? attributes.subject
  return {
    key: key === undefined ? null : String(key),
    value: utf8.encode(JSON.stringify({ ...attributes, ...body })),
    headers: { 'content-type': `${STRUCTURED}; charset=UTF-8` },
  }
}

/** @throws SentinelError `EVENT_MALFORMED` when the record is not a CloudEvent 1.0 with a subject. */
export function fromRecord(record: WireRecord): SentinelEvent {
  const headers = readHeaders(record.headers)
  const contentType = headers['content-type'] ?? ''
  const event = contentType.toLowerCase().startsWith(STRUCTURED)
    ? fromStructured(record.value)
    : fromBinary(headers, record.value)
  return checkAttributes(event.subject === undefined && record.key !== null ? { ...event, subject: record.key } : event)
}

/** The bytes that go onto a wire. */
export async function valueBytes(value: RecordValue): Promise<Uint8Array | null> {
  return isFrameImage(value) ? value.jpeg() : value
}

function fromBinary(headers: Record<string, string>, value: RecordValue): Record<string, unknown> {
  const attributes = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('ce_'))
      .map(([name, value]) => [name.slice(3), value]),
  )
  const datacontenttype = headers['content-type']
  return {
    ...attributes,
    ...(datacontenttype !== undefined && { datacontenttype }),
    data: decodeData(value, attributes, datacontenttype),
  }
}

function fromStructured(value: RecordValue): Record<string, unknown> {
  if (value === null || isFrameImage(value)) throw malformed('a structured event needs a JSON value')
  const body = parseJson(value)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw malformed('a structured event is a JSON object')
  }
  const { data_base64: base64, ...event } = body as Record<string, unknown>
  return base64 === undefined ? event : { ...event, data: Buffer.from(String(base64), 'base64') }
}

function checkAttributes(event: Record<string, unknown>): SentinelEvent {
  if (event.specversion !== '1.0') throw malformed(`specversion must be 1.0, not ${JSON.stringify(event.specversion)}`)
  for (const name of ['id', 'source', 'type', 'subject']) {
    const value = event[name]
    if (typeof value !== 'string' || value === '') throw malformed(`attribute ${name} is missing`)
  }
  if (event.time !== undefined && Number.isNaN(Date.parse(String(event.time)))) {
    throw malformed(`time is not RFC 3339: ${JSON.stringify(event.time)}`)
  }
  return event as unknown as SentinelEvent
}

/** Later headers of one name win, as Kafka's own consumers read them. */
function readHeaders(headers: WireRecord['headers']): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value
    if (last === undefined) continue
    out[name.toLowerCase()] = typeof last === 'string' ? last : decodeText(last)
  }
  return out
}

function attributeName(name: string): string {
  const lower = name.toLowerCase()
  if (ATTRIBUTE_NAME.test(lower)) return lower
  throw malformed(`attribute name ${JSON.stringify(name)} may have lower-case letters and digits only`)
}

function attributeText(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') throw malformed('an attribute is text, a number or a boolean, never an object')
  return String(value)
}

function encodeData(data: unknown, contentType = 'application/json'): RecordValue {
  if (data === undefined || data === null) return null
  if (data instanceof Uint8Array || isFrameImage(data)) return data
  if (typeof data === 'string' && !JSON_TYPE.test(contentType)) return utf8.encode(data)
  return utf8.encode(JSON.stringify(data))
}

function decodeData(value: RecordValue, attributes: Record<string, string>, contentType = 'application/json'): unknown {
  if (value === null) return undefined
  if (isFrameImage(value)) return value
  if (contentType === 'image/jpeg') return jpegImage(value, Number(attributes.width), Number(attributes.height))
  if (JSON_TYPE.test(contentType)) return parseJson(value)
  return contentType.startsWith('text/') ? decodeText(value) : value
}

function parseJson(value: Uint8Array): unknown {
  try {
    return JSON.parse(text.decode(value))
  } catch (error) {
    throw malformed('the value is not JSON', error)
  }
}

function decodeText(value: Uint8Array): string {
  try {
    return text.decode(value)
  } catch (error) {
    throw malformed('text is not UTF-8', error)
  }
}

function malformed(reason: string, cause?: unknown): SentinelError {
  return new SentinelError('EVENT_MALFORMED', `Not a CloudEvent: ${reason}`, { cause })
}
