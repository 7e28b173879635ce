import { crc32 } from 'node:zlib'
import type { WireRecord } from '../../events/codec.ts'

/** A record as it lies in a segment file. */
export interface StoredRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: Uint8Array | null
  readonly headers: WireRecord['headers']
}

const ABSENT = 0xffff_ffff
/** length u32 · crc32 u32 · offset f64 · timestamp f64 · key length u32 · headers length u32 · value length u32 */
const HEAD_BYTES = 36
const CHECKED_FROM = 8
/** A length above this is a torn or foreign file, not a record. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024

export function encodeRecord(record: StoredRecord): Buffer {
  const key = record.key === null ? null : Buffer.from(record.key)
  const headers = Buffer.from(JSON.stringify(headerPairs(record.headers)))
  const { value } = record
  const length = HEAD_BYTES + (key?.length ?? 0) + headers.length + (value?.length ?? 0)
  const out = Buffer.allocUnsafe(length)
  out.writeUInt32LE(length, 0)
  out.writeDoubleLE(record.offset, 8)
  out.writeDoubleLE(record.timestamp, 16)
  out.writeUInt32LE(key?.length ?? ABSENT, 24)
  out.writeUInt32LE(headers.length, 28)
  out.writeUInt32LE(value?.length ?? ABSENT, 32)
  let at = HEAD_BYTES
  for (const part of [key, headers, value]) {
    if (!part) continue
    out.set(part, at)
    at += part.length
  }
  out.writeUInt32LE(crc32(out.subarray(CHECKED_FROM)), 4)
  return out
}

/** The record at `at`, or undefined where the bytes end or stop being a whole record. */
export function decodeRecord(bytes: Buffer, at: number): { record: StoredRecord; length: number } | undefined {
  const length = recordLength(bytes, at)
  if (length === undefined || at + length > bytes.length) return undefined
  const body = bytes.subarray(at, at + length)
  if (crc32(body.subarray(CHECKED_FROM)) !== body.readUInt32LE(4)) return undefined
  const [keyLength, headersLength, valueLength] = [24, 28, 32].map((field) => body.readUInt32LE(field)) as Lengths
  const headersAt = HEAD_BYTES + (keyLength === ABSENT ? 0 : keyLength)
  const valueAt = headersAt + headersLength
  return {
    length,
    record: {
      offset: body.readDoubleLE(8),
      timestamp: body.readDoubleLE(16),
      key: keyLength === ABSENT ? null : body.toString('utf8', HEAD_BYTES, headersAt),
      headers: parseHeaders(body.toString('utf8', headersAt, valueAt)),
      value: valueLength === ABSENT ? null : body.subarray(valueAt, valueAt + valueLength),
    },
  }
}

type Lengths = [number, number, number]

/** Undefined where no plausible record starts. */
export function recordLength(bytes: Buffer, at: number): number | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32LE(at)
  return length < HEAD_BYTES || length > MAX_RECORD_BYTES ? undefined : length
}

/** Header values that are bytes are kept as bytes; JSON has no bytes, so they go as base64 in an array. */
function headerPairs(headers: WireRecord['headers']): unknown[] {
  return Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, encodeHeader(value!)])
}

function encodeHeader(value: NonNullable<WireRecord['headers'][string]>): unknown {
  if (Array.isArray(value)) return { all: value.map(encodeHeader) }
  return typeof value === 'string' ? value : { base64: Buffer.from(value).toString('base64') }
}

type StoredHeader = string | { base64: string } | { all: StoredHeader[] }

function decodeHeader(value: StoredHeader): string | Uint8Array | (string | Uint8Array)[] {
  if (typeof value === 'string') return value
  if ('base64' in value) return Buffer.from(value.base64, 'base64')
  return value.all.map((each) => decodeHeader(each) as string | Uint8Array)
}

function parseHeaders(json: string): WireRecord['headers'] {
  const pairs = JSON.parse(json) as [string, StoredHeader][]
  return Object.fromEntries(pairs.map(([name, value]) => [name, decodeHeader(value)]))
}
