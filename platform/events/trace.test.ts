import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { SentinelEvent } from './event.ts'
import { traceIdOf, traceparentOf } from './trace.ts'

const causeWith = (traceparent?: string): SentinelEvent => ({ traceparent }) as unknown as SentinelEvent

describe('trace context', () => {
  test('an event goes on with the trace of its cause, as a span of its own, with the same flags', () => {
    const cause = causeWith(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`)
    assert.match(traceparentOf('x', cause), /^00-a{32}-(?!b{16})[0-9a-f]{16}-00$/)
    assert.notEqual(traceparentOf('x', cause), traceparentOf('y', cause))
  })

  test('where there is none, or none that can be read, a trace begins; a redelivery repeats it', () => {
    for (const cause of [undefined, causeWith(), causeWith('00-short-1-1')]) {
      assert.match(traceparentOf('x', cause), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
      assert.equal(traceparentOf('x', cause), traceparentOf('x'))
    }
  })

  test('log lines name the trace', () => {
    assert.equal(traceIdOf(Buffer.from(traceparentOf('x'))), traceparentOf('x').slice(3, 35))
    assert.equal(traceIdOf(undefined), undefined)
  })
})
