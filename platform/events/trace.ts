import { hash } from 'node:crypto'
import type { SentinelEvent } from './event.ts'

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/
const SAMPLED = '01'

/**
 * The W3C trace context of an event that follows from another: the same trace, a span of its own. A redelivery repeats it.
 *
 * @param cause undefined where a trace begins.
 */
export function traceparentOf(id: string, cause?: SentinelEvent): string {
  const [, trace = hex(`trace ${id}`, 32), flags = SAMPLED] = TRACEPARENT.exec(String(cause?.traceparent ?? '')) ?? []
  return `00-${trace}-${hex(`span ${id}`, 16)}-${flags}`
}

/** For log lines; undefined for an event without a trace. */
export function traceIdOf(traceparent: unknown): string | undefined {
  return TRACEPARENT.exec(String(traceparent ?? ''))?.[1]
}

function hex(text: string, digits: number): string {
  return hash('sha256', text, 'hex').slice(0, digits)
}
