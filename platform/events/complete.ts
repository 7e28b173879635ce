import { hash } from 'node:crypto'
import type { Draft, SentinelEvent } from './event.ts'

export interface Origin {
  /** URI-reference of the producer, such as `/sentinel/functions/detect`. */
  readonly source: string
  readonly id: string
  /** RFC 3339. */
  readonly time: string
  /** W3C trace context. */
  readonly traceparent?: string
}

/** Turns a fact into a CloudEvent. */
export function completeEvent(draft: Draft, { source, id, time, traceparent }: Origin): SentinelEvent {
  const { definition, subject, data, options } = draft
  return {
    specversion: '1.0',
    id: options.id ?? id,
    source,
    type: definition.type,
    subject,
    time: options.time ?? time,
    datacontenttype: definition.contentType,
    ...(traceparent && { traceparent }),
    ...options.attributes,
    data,
  }
}

/** The same for the same cause, function and place among the function's outputs, so that a redelivery repeats its ids. */
export function derivedId(cause: Pick<SentinelEvent, 'source' | 'id'>, name: string, index: number): string {
  return hash('sha256', JSON.stringify([cause.source, cause.id, name, index]), 'base64url').slice(0, 22)
}
