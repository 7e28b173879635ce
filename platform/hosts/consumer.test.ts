import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { eventually, openLog } from '../../tests/support/log.ts'
import { systemClock } from '../adapters/system-clock.ts'
import type { Log, LogRecord, Membership } from '../ports/log.ts'
import { Consumer, type ConsumerOptions } from './consumer.ts'

const TOPIC = 'events.cameras'
const record = (key: string, text: string) => ({ key, value: Buffer.from(text), headers: {} })
const textOf = ({ value }: LogRecord): string => Buffer.from(value as Uint8Array).toString()

const one = { group: 'g', topics: [TOPIC], parallel: 8, batch: 1, chance: () => 0.01 } as const

async function start(t: TestContext, log: Log, options: Pick<ConsumerOptions, 'work'> & Partial<ConsumerOptions>) {
  const consumer = await Consumer.start({
    log,
    clock: systemClock,
    ...one,
    ...options,
  })
  const stop = once(() => consumer.stop())
  defer(t, stop)
  return stop
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => (done ??= work())
}

/** The same log, whose members do some of it in another way. */
function withMembers(log: Log, change: (member: Membership) => Partial<Membership>): Log {
  const join: Log['join'] = async (options) => {
    const member = await log.join(options)
    const own: Membership = {
      fetch: (...args) => member.fetch(...args),
      commit: (positions) => member.commit(positions),
      leave: () => member.leave(),
    }
    return { ...own, ...change(member) }
  }
  return Object.assign(Object.create(log), { join })
}

const lag = async (log: Log): Promise<number> => (await log.lag('g')).reduce((sum, each) => sum + each.lag, 0)
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

describe('consumer', () => {
  test('keys run side by side, each key in order', async (t) => {
    const log = await openLog(t)
    const seen: string[] = []
    let running = 0
    let most = 0
    await log.produce(
      TOPIC,
      ['a1', 'b1', 'a2', 'b2', 'c1'].map((text) => record(text[0]!, text)),
    )
    await start(t, log, {
      work: async ([one]) => {
        most = Math.max(most, ++running)
        await pause(20)
        running--
        seen.push(textOf(one!))
      },
    })
    await eventually(async () => (await lag(log)) === 0)
    assert.deepEqual(
      seen.filter((text) => text.startsWith('a')),
      ['a1', 'a2'],
    )
    assert.deepEqual(
      seen.filter((text) => text.startsWith('b')),
      ['b1', 'b2'],
    )
    assert.ok(most >= 2, 'nothing ran side by side')
  })

  test('what fails is tried again, and others of the topic go on meanwhile', async (t) => {
    const log = await openLog(t)
    const seen: string[] = []
    const attempts: number[] = []
    await log.produce(TOPIC, [record('a', 'a1'), record('b', 'b1'), record('a', 'a2')])
    await start(t, log, {
      work: async ([one], _, attempt) => {
        if (textOf(one!) === 'a1' && attempts.push(attempt) < 4) throw new Error('not yet')
        seen.push(textOf(one!))
      },
    })
    await eventually(async () => (await lag(log)) === 0)
    assert.deepEqual(attempts, [1, 2, 3, 4])
    assert.deepEqual(seen, ['b1', 'a1', 'a2'])
  })

  test('an offset is not committed ahead of unfinished work before it', async (t) => {
    const log = await openLog(t)
    await log.produce(TOPIC, [record('a', 'slow')])
    const { partition } = (await log.produce(TOPIC, [record('a', 'x')]))[0]!
    const other = await sameLaneKey(log, partition)
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const seen: string[] = []
    await start(t, log, {
      work: async ([one]) => {
        if (textOf(one!) === 'slow') await held
        seen.push(textOf(one!))
      },
    })
    await eventually(() => seen.includes(other))
    const committed = async () => (await log.lag('g')).find((each) => each.partition === partition)!.committed
    assert.ok((await committed()) <= 0)
    release()
    await eventually(async () => (await lag(log)) === 0)
  })

  test('a stopped consumer leaves what it gave up to the next one', async (t) => {
    const log = await openLog(t)
    await log.produce(TOPIC, [record('a', 'held')])
    let started = false
    const stop = await start(t, log, {
      work: (_, { signal }) =>
        new Promise((_, reject) => {
          started = true
          signal.addEventListener('abort', () => reject(new Error('given up')))
        }),
    })
    await eventually(() => started)
    await stop()
    const seen: string[] = []
    await start(t, log, { work: async ([one]) => void seen.push(textOf(one!)) })
    await eventually(() => seen.length === 1)
    assert.deepEqual(seen, ['held'])
  })

  test('a newer event of the same key tells the one that holds its delivery', async (t) => {
    const log = await openLog(t)
    const held: string[] = []
    await start(t, log, {
      work: async ([one], { superseded, signal }) => {
        held.push(textOf(one!))
        const either = AbortSignal.any([superseded, signal])
        if (!either.aborted) await new Promise((resolve) => either.addEventListener('abort', resolve))
        if (signal.aborted) throw new Error('given up')
      },
    })
    await log.produce(TOPIC, [record('a', 'first')])
    await eventually(() => held.length === 1)
    await log.produce(TOPIC, [record('a', 'second')])
    await eventually(() => held.length === 2)
    await eventually(async () => (await lag(log)) === 1)
    assert.deepEqual(held, ['first', 'second'])
  })

  test('a batch takes what is there together and is tried again whole', async (t) => {
    const log = await openLog(t)
    const sizes: number[] = []
    await log.produce(
      TOPIC,
      Array.from({ length: 50 }, (_, i) => record(`k${i}`, `${i}`)),
    )
    await start(t, log, {
      batch: 20,
      work: async (records, _, attempt) => {
        sizes.push(records.length)
        if (sizes.length === 1) throw new Error('once')
        assert.ok(attempt <= 2)
      },
    })
    await eventually(async () => (await lag(log)) === 0)
    assert.equal(sizes[0], sizes[1])
    assert.ok(Math.max(...sizes) <= 20)
    assert.ok(sizes.length <= 6, `${sizes.length} batches for 50 records`)
  })

  test('what fails more than once is its trouble, until it is done', async (t) => {
    const log = await openLog(t)
    let isDown = true
    const work: ConsumerOptions['work'] = async () => {
      if (isDown) throw new Error('the database is down')
    }
    const consumer = await Consumer.start({ log, clock: systemClock, ...one, work })
    defer(t, () => consumer.stop())
    assert.equal(consumer.trouble, undefined)
    await log.produce(TOPIC, [record('a', 'a1')])
    await eventually(() => consumer.trouble?.text === 'the database is down')
    isDown = false
    await eventually(() => consumer.trouble === undefined)
    await eventually(async () => (await lag(log)) === 0)
  })

  test('a partition that moves to another member is finished first and nothing is done twice', async (t) => {
    const log = await openLog(t)
    const seen = new Map<string, number>()
    const work: ConsumerOptions['work'] = async ([one]) => {
      await pause(1)
      seen.set(textOf(one!), (seen.get(textOf(one!)) ?? 0) + 1)
    }
    await start(t, log, { work })
    const texts = Array.from({ length: 300 }, (_, i) => `${i}`)
    for (const [i, text] of texts.entries()) {
      await log.produce(TOPIC, [record(`k${i % 20}`, text)])
      if (i === 100) await start(t, log, { work })
    }
    await eventually(async () => (await lag(log)) === 0)
    assert.deepEqual([...seen.keys()].sort(), texts.sort())
    assert.deepEqual(
      [...seen.values()].filter((times) => times !== 1),
      [],
    )
  })

  test('a key that stands still holds up no other partition, however much waits behind it', async (t) => {
    const log = await openLog(t)
    const { partition: stuck } = (await log.produce(TOPIC, [record('stuck', 'first')]))[0]!
    await log.produce(
      TOPIC,
      Array.from({ length: 100 }, (_, i) => record('stuck', String(i))),
    )
    const go = Promise.withResolvers<void>()
    const seen: string[] = []
    await start(t, log, {
      parallel: 2,
      work: async ([one]) => {
        if (one!.key === 'stuck') await go.promise
        seen.push(one!.key!)
      },
    })
    const others = await log.produce(
      TOPIC,
      Array.from({ length: 40 }, (_, i) => record(`key-${i}`, '')),
    )
    const elsewhere = others.filter(({ partition }) => partition !== stuck).length
    await eventually(() => seen.length === elsewhere)
    assert.equal(seen.includes('stuck'), false)
    go.resolve()
    await eventually(async () => (await lag(log)) === 0)
    assert.equal(seen.length, 141)
  })

  test('what is handled one after another is committed together, a few times a second, to the last', async (t) => {
    const log = await openLog(t)
    let commits = 0
    const counted = withMembers(log, (member) => ({
      commit: (positions) => {
        commits++
        return member.commit(positions)
      },
    }))
    let handled = 0
    const began = performance.now()
    await start(t, counted, { work: async () => void handled++ })
    for (let n = 0; n < 60; n++) {
      await log.produce(TOPIC, [record(`k-${n}`, 'one')])
      await pause(5)
    }
    await eventually(async () => (await lag(log)) === 0)
    assert.equal(handled, 60)
    assert.ok(commits <= (performance.now() - began) / 100 + 2, `${commits} commits`)
  })

  test('a log that fails while a batch gathers costs none of it', async (t) => {
    const log = await openLog(t)
    await log.produce(TOPIC, [record('a', '1'), record('a', '2')])
    let fetches = 0
    const failing = withMembers(log, (member) => ({
      fetch: async (...args) => {
        if (++fetches === 2) throw new Error('the broker is gone')
        return member.fetch(...args)
      },
    }))
    const seen: string[] = []
    await start(t, failing, { batch: 10, work: async (records) => void seen.push(...records.map(textOf)) })
    await eventually(async () => (await lag(log)) === 0)
    assert.deepEqual(seen, ['1', '2'])
  })

  test('a batch that is tried again lets go of a partition at once, and the rest of it is done', async (t) => {
    const log = await openLog(t)
    await log.produce(
      TOPIC,
      Array.from({ length: 20 }, (_, i) => record(`key-${i}`, String(i))),
    )
    const done: string[] = []
    let isDown = true
    const attempts: number[] = []
    await start(t, log, {
      batch: 50,
      work: async (records) => {
        attempts.push(records.length)
        if (isDown) throw new Error('the database is down')
        done.push(...records.map(textOf))
      },
    })
    await eventually(() => attempts.length > 0)
    const other = await log.join({ group: 'g', topics: [TOPIC] })
    const taken = await other.fetch(50, new AbortController().signal)
    assert.ok(taken.length > 0 && taken.length < 20)
    isDown = false
    await eventually(() => done.length === 20 - taken.length)
    assert.deepEqual([...done, ...taken.map(textOf)].sort(), Array.from({ length: 20 }, (_, i) => String(i)).sort())
    await other.leave()
  })
})

/** Produces a record of another key on the same partition. */
async function sameLaneKey(log: Log, partition: number): Promise<string> {
  for (let i = 0; ; i++) {
    const text = `other-${i}`
    const [position] = await log.produce(TOPIC, [record(text, text)])
    if (position!.partition === partition) return text
  }
}
