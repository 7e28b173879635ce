import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { CLIENTS } from '../../platform/adapters/log-kafka/place.ts'
import { type Implementation, implement } from '../../platform/function.ts'
import { root } from '../../platform/paths.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { generator } from '../support/tiny-yolox.ts'
import {
  declaration,
  eventOf,
  eventsOf,
  probe,
  report,
  STEPS,
  sendAll,
  tallyOf,
  untilDone,
  WITHIN_MS,
} from './probe.ts'
import { consume, world } from './world.ts'

const EVENTS = 300
const CHANGES = 6

/** The probe as a process. @returns the signal that ended it. */
function runChild(t: TestContext, env: Record<string, string>): Promise<NodeJS.Signals | null> {
  const quiet = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning']
  const child = spawn(process.execPath, [...quiet, join(root, 'tests', 'faults', 'consumer.child.ts')], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  defer(t, () => child.kill('SIGKILL'))
  return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

for (const client of CLIENTS)
  describe(`consumers under load, by ${client}`, () => {
    test(`killed at every step of a delivery, by ${client}`, { timeout: WITHIN_MS * 2 }, async (t) => {
      const places = await world(t, { client })
      const env = { SENTINEL_LOG: places.logUrl, DATABASE_URL: places.databaseUrl }
      const sent = eventsOf(14, EVENTS)
      await sendAll(places.log, sent)
      const random = generator(14)
      for (const step of STEPS) {
        const after = 1 + Math.floor(random() * 3)
        assert.equal(await runChild(t, { ...env, DIE_AT: step, DIE_AFTER: `${after}` }), 'SIGKILL', step)
      }
      void runChild(t, env)
      await untilDone(places.log)
      report(t, await tallyOf(places.log, places.database, sent))
    })

    test(`joining and leaving, by ${client}: no camera is ever worked on by two, and each stays in order`, {
      timeout: WITHIN_MS * 2,
    }, async (t) => {
      const places = await world(t, { client })
      const sent = eventsOf(15, EVENTS)
      const running = new Set<string>()
      const last = new Map<string, number>()
      const wrong: string[] = []
      const watched = implement(declaration, async (event, context) => {
        const { id, subject } = event
        const number = Number(id.split('-')[1])
        if (running.has(subject)) wrong.push(`${id} beside another of ${subject}`)
        if (number < (last.get(subject) ?? 0)) wrong.push(`${id} after ${last.get(subject)}`)
        running.add(subject)
        await pause(5)
        const told = await probe.handle!(event, context)
        running.delete(subject)
        last.set(subject, number)
        return told
      }) as Implementation
      await consume(t, places, { fn: watched })
      const sending = sendAll(places.log, sent, 20)
      const random = generator(15)
      for (let change = 0; change < CHANGES; change++) {
        const leave = await consume(t, places, { fn: watched })
        await pause(200 + random() * 800)
        await leave()
        await pause(random() * 500)
      }
      await sending
      await untilDone(places.log)
      assert.deepEqual(wrong, [])
      report(t, await tallyOf(places.log, places.database, sent))
    })

    test(`one camera standing still, by ${client}: all others go on`, { timeout: WITHIN_MS * 2 }, async (t) => {
      const places = await world(t, { client })
      const slow = Array.from({ length: EVENTS }, (_, i) => eventOf(`slow-${i}`, 'slow'))
      const { partition } = (await places.log.produce('cameras.watch', [slow[0]!]))[0]!
      await sendAll(places.log, slow.slice(1))
      const others = eventsOf(16, EVENTS)
      const go = Promise.withResolvers<void>()
      const done = new Set<string>()
      const stuck = implement(declaration, async (event, context) => {
        if (event.subject === 'slow') await go.promise
        const told = await probe.handle!(event, context)
        done.add(event.id)
        return told
      }) as Implementation
      await consume(t, places, { fn: stuck })
      const elsewhere = new Set<string>()
      for (const record of others) {
        const [position] = await places.log.produce('cameras.watch', [record])
        if (position!.partition !== partition) elsewhere.add(String(record.headers.ce_id))
      }
      await eventually(() => [...elsewhere].every((id) => done.has(id)), WITHIN_MS)
      assert.equal(
        [...done].some((id) => id.startsWith('slow')),
        false,
      )
      go.resolve()
      await untilDone(places.log)
      report(t, await tallyOf(places.log, places.database, [...slow, ...others]))
    })
  })
