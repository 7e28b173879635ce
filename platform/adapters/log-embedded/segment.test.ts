import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { encodeRecord, type StoredRecord } from './frame.ts'
import { Segment } from './segment.ts'

function recordAt(offset: number): StoredRecord {
  return { offset, timestamp: 1, key: 'a', value: new Uint8Array(1000), headers: {} }
}

test('what is appended while a new segment is read for the first time can be read afterwards', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-segment-'))
  defer(t, () => rm(folder, { recursive: true }))
  const segment = await Segment.open(join(folder, '0.segment'), 0)
  defer(t, () => segment.close())
  const append = (offset: number): Promise<void> => segment.append([recordAt(offset)], [encodeRecord(recordAt(offset))])
  await append(0)
  const reading = segment.read(0, 10)
  await append(1)
  await reading
  const offsets = (await segment.read(0, 10)).map(({ offset }) => offset)
  assert.deepEqual(offsets, [0, 1])
})
