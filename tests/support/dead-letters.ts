import assert from 'node:assert/strict'
import { CameraOnline } from '../../platform/events/camera.ts'
import { toRecord, type WireRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import { runCli } from './cli.ts'

const letter = CameraOnline.of('cam-1', { width: 640, height: 360, fps: null, codec: 'h264' })
export const original = toRecord(completeEvent(letter, { source: '/test', id: 'e-1', time: '2026-06-01T08:00:00Z' }))

/** The event above, as `deliver` keeps one that event-store could not handle. */
export const dead: WireRecord = {
  ...original,
  headers: {
    ...original.headers,
    dlq_reason: 'it was too early',
    dlq_code: 'EVENT_INVALID',
    dlq_function: 'event-store',
    dlq_topic: 'events.cameras',
    dlq_partition: '0',
    dlq_offset: '7',
    dlq_attempts: '1',
    dlq_time: '2026-06-01T08:00:01Z',
  },
}

/** Lists, shows and replays the one dead letter that there is, as an operator does. */
export async function replayByCommand(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const dlq = async (...command: string[]): Promise<string> => {
    const { code, stdout, stderr } = await runCli(['dlq', ...command, ...args], env)
    assert.equal(code, 0, stderr)
    return stdout
  }
  const [listed] = JSON.parse(await dlq('list', '--json'))
  assert.deepEqual(
    [listed.topic, listed.function, listed.code, listed.reason, listed.attempts],
    ['events.cameras', 'event-store', 'EVENT_INVALID', 'it was too early', 1],
  )
  const shown = JSON.parse(await dlq('show', listed.id))
  assert.equal(shown.key, 'cam-1')
  assert.deepEqual(JSON.parse(shown.value), letter.data)
  await dlq('replay', listed.id)
  const { code, stderr } = await runCli(['dlq', 'replay', '99/0', ...args], env)
  assert.equal(code, 1)
  assert.match(stderr, /no dead letter 99\/0; dlq list shows those there are/)
}
