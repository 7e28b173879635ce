import type { IncomingHttpHeaders } from 'node:http'
import { SentinelError } from '../../errors.ts'
import type { WireRecord } from '../../events/codec.ts'

const STRUCTURED = 'application/cloudevents+json'
const BATCH = 'application/cloudevents-batch+json'

/**
 * The events of a request in the CloudEvents HTTP binding 1.0.2, as records: binary, structured or batched.
 *
 * @throws SentinelError `EVENT_MALFORMED`
 */
export function recordsOf(headers: IncomingHttpHeaders, body: Buffer): WireRecord[] {
  const type = (headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith(BATCH)) return batched(body)
  if (type.startsWith(STRUCTURED)) return [structured(body)]
  return [binary(headers, body)]
}

/** Attribute values are percent-encoded in HTTP headers, and nowhere else. */
function binary(headers: IncomingHttpHeaders, body: Buffer): WireRecord {
  const attributes = Object.entries(headers)
    .filter(([name]) => name.startsWith('ce-'))
    .map(([name, value]) => [`ce_${name.slice(3)}`, decode(String(value))])
  const type = headers['content-type']
  const named = { ...Object.fromEntries(attributes), ...(type && { 'content-type': type }) }
  return { key: null, value: body.length > 0 ? body : null, headers: named }
}

function structured(value: Uint8Array): WireRecord {
  return { key: null, value, headers: { 'content-type': STRUCTURED } }
}

function batched(body: Buffer): WireRecord[] {
  const events: unknown = parse(body)
  if (!Array.isArray(events)) throw malformed('a batch is a JSON array')
  return events.map((event) => structured(Buffer.from(JSON.stringify(event))))
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw malformed('the batch is not JSON', cause)
  }
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch (cause) {
    throw malformed(`${JSON.stringify(value)} is not percent-encoded UTF-8`, cause)
  }
}

function malformed(reason: string, cause?: unknown): SentinelError {
  return new SentinelError('EVENT_MALFORMED', `Not a CloudEvent: ${reason}`, { cause })
}
