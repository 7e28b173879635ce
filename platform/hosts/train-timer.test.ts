import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { eventually } from '../../tests/support/log.ts'
import { freshDatabase } from '../../tests/support/postgres.ts'
import { FileObjects } from '../adapters/objects-files.ts'
import { systemClock } from '../adapters/system-clock.ts'
import { requestTraining } from '../training/request.ts'
import { considerNowAndThen } from './train-timer.ts'

const RULES = {
  trainAfter: 10,
  trainAfterLight: 10,
  trainAfterBoxes: 10,
  trainAfterHours: 24,
  trainBudget: 4,
  trainAfterRejected: 1,
  trainVerdicts: 20,
  trainQuiet: 1,
}

test('whoever leads the trainings keeps nobody else from deciding on one, and stops at once', async (t) => {
  const { database, pool } = await freshDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-timer-'))
  defer(t, () => rm(folder, { recursive: true }))
  const desk = { database, objects: await FileObjects.open(folder), clock: systemClock }
  const stop = new AbortController()
  const errors: Error[] = []
  const options = { pool, clock: systemClock, signal: stop.signal, onError: (error: Error) => errors.push(error) }
  let held = 0
  const timed = {
    ...desk,
    clock: {
      now: systemClock.now,
      sleep: (ms: number, signal?: AbortSignal) => {
        held++
        return systemClock.sleep(ms, signal)
      },
    },
  }
  const running = considerNowAndThen(options, timed, RULES)
  await eventually(() => held > 0)
  await assert.rejects(requestTraining(desk, 'somebody'), { code: 'CONFLICT' })
  const stopped = performance.now()
  stop.abort()
  await running
  assert.ok(performance.now() - stopped < 2000)
  assert.deepEqual(errors, [])
})
