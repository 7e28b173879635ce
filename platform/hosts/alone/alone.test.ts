import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { describe, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { eventually, openLog } from '../../../tests/support/log.ts'
import { freshDatabase } from '../../../tests/support/postgres.ts'
import { online, tell } from '../../../tests/support/subscriber.ts'
import { adapters } from '../adapters.ts'
import { functionNamed, functions } from '../functions.ts'
import { lagOf } from '../metrics.ts'
import { runAlone } from './alone.ts'

const UNKNOWN = 'redis://127.0.0.1:6379'

describe('sentinel run', () => {
  test('one function handles what the log holds, on the engines that the environment names', async (t) => {
    const log = await openLog(t)
    const { url, database } = await freshDatabase(t)
    await tell(log, 'events.cameras', online('h264'))
    const env = { SENTINEL_LOG: 'test://log', DATABASE_URL: url }
    const { probes, isIdle, stop } = await runAlone({
      fn: functionNamed('event-store'),
      env,
      adapters: { ...adapters, log: { test: () => log } },
    })
    const events = () => database.selectFrom('events').select(['subject', 'type']).execute()
    await eventually(async () => (await events()).length === 1)
    assert.deepEqual(await events(), [{ subject: 'cam-1', type: 'sentinel.camera.online.v1' }])
    await eventually(isIdle)
    assert.equal(await lagOf(log, 'event-store'), 0)
    assert.equal((await fetch(`${probes}/livez`)).status, 200)
    const ready = await fetch(`${probes}/readyz`)
    const { parts } = (await ready.json()) as { parts: { name: string; state: string }[] }
    assert.deepEqual(
      [ready.status, parts.map(({ name, state }) => `${name} ${state}`)],
      [200, ['event-store ready', 'log ready', 'database ready']],
    )
    const metrics = await (await fetch(`${probes}/metrics`)).text()
    assert.match(metrics, /^sentinel_lag{function="event-store"} 0$/m)
    assert.match(metrics, /^sentinel_events_handled_total{function="event-store"} 1$/m)
    assert.equal((await fetch(`${probes}/`)).status, 404)
    await stop()
    await assert.rejects(fetch(`${probes}/livez`))
    await assert.rejects(log.produce('events.cameras', []), { code: 'LOG_UNAVAILABLE' })
  })

  test('work that nobody takes keeps a function from being idle', async (t) => {
    const log = await openLog(t)
    const { url } = await freshDatabase(t)
    const idler = await log.join({ group: 'event-store', topics: ['events.cameras'] })
    defer(t, () => idler.leave())
    await tell(log, 'events.cameras', online('h264'))
    const env = { SENTINEL_LOG: 'test://log', DATABASE_URL: url }
    // Over HTTP it takes nothing from the log itself.
    const fn = await runAlone({
      fn: functionNamed('event-store'),
      env,
      http: true,
      adapters: { ...adapters, log: { test: () => log } },
    })
    defer(t, fn.stop)
    assert.equal(await fn.isIdle(), false)
  })

  test('each function names every variable that it needs and has not, and no other', async () => {
    const needed = {
      'frame-grabber': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_SECRET_KEY'],
      detect: ['SENTINEL_LOG', 'SENTINEL_MODEL'],
      'event-store': ['SENTINEL_LOG', 'DATABASE_URL'],
      'frame-keeper': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      'triage-router': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      'annotation-store': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      'train-trigger': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      trainer: ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      evaluate: ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      shadow: ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_OBJECTS'],
      'model-promoter': ['SENTINEL_LOG', 'DATABASE_URL', 'SENTINEL_GIT_REMOTE'],
    }
    assert.deepEqual(
      Object.keys(needed),
      functions.map(({ declaration }) => declaration.name),
    )
    for (const [name, variables] of Object.entries(needed)) {
      await assert.rejects(runAlone({ fn: functionNamed(name), env: {} }), ({ message }: Error) => {
        const named = [...message.matchAll(/(\w+) is missing/g)].map(([, variable]) => variable)
        assert.deepEqual(named.sort(), [...variables].sort(), name)
        return true
      })
    }
  })

  test('a scheme that no engine has is refused with those there are, without the credentials in its URL', async () => {
    const env = { SENTINEL_LOG: UNKNOWN, DATABASE_URL: 'mysql://root:hunter2@h/db', SENTINEL_OBJECTS: 'ftp://h' }
    await assert.rejects(runAlone({ fn: functionNamed('triage-router'), env }), ({ message }: Error) => {
      assert.match(message, /SENTINEL_LOG="redis:.*begins with kafka:\/\//)
      assert.match(message, /DATABASE_URL="mysql:.*begins with postgres:\/\/ or postgresql:\/\//)
      assert.match(message, /SENTINEL_OBJECTS="ftp:.*begins with file:\/\/ or s3:\/\//)
      assert.doesNotMatch(message, /hunter2/)
      return true
    })
  })

  test('a place that its engine cannot read is told by its variable', async (t) => {
    const log = await openLog(t)
    const env = { SENTINEL_LOG: 'test://log', DATABASE_URL: 'postgres://h/db', SENTINEL_OBJECTS: 'file://host/objects' }
    const refused = runAlone({
      fn: functionNamed('triage-router'),
      env,
      adapters: { ...adapters, log: { test: () => log } },
    })
    await assert.rejects(refused, { code: 'CONFIGURATION_INVALID', message: /SENTINEL_OBJECTS cannot be used/ })
  })

  test('a function that does not exist is told with those that do', () => {
    assert.throws(() => functionNamed('detekt'), /no function "detekt"; there are frame-grabber, detect/)
  })

  test('the command ends with an exit code and says what to do', async (t) => {
    const main = new URL('../../cli/main.ts', import.meta.url).pathname
    const env = { PATH: process.env.PATH!, SENTINEL_LOG: UNKNOWN }
    const child = spawn(process.execPath, [main, 'run', 'detect'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    defer(t, () => child.kill('SIGKILL'))
    const exited = new Promise((resolve) => child.once('exit', resolve))
    const said = await text(child.stderr)
    assert.match(said, /These settings cannot be used[\s\S]*SENTINEL_LOG[\s\S]*SENTINEL_MODEL/)
    assert.equal(await exited, 1)
  })
})
