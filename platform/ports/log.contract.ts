import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WireRecord } from '../events/codec.ts'
import type { TopicName } from '../events/topics.ts'
import type { Log, LogRecord, Membership, PartitionLag, RoomOf } from './log.ts'

export interface LogUnderTest {
  readonly log: Log
  dispose(): Promise<void>
}

const TOPIC = 'events.cameras' satisfies TopicName

const record = (key: string, text: string): WireRecord => ({ key, value: Buffer.from(text), headers: { ce_id: text } })
const textOf = ({ value }: LogRecord): string => Buffer.from(value as Uint8Array).toString()
const after = (records: readonly LogRecord[]) =>
  records.map(({ topic, partition, offset }) => ({ topic, partition, offset: offset + 1 }))
const totalLag = (lags: readonly PartitionLag[]): number => lags.reduce((sum, { lag }) => sum + lag, 0)

/** What every log must do, whoever provides it. */
export function logContract(name: string, open: () => Promise<LogUnderTest>): void {
  const withLog = (title: string, body: (log: Log) => Promise<void>): void => {
    test(title, async () => {
      const { log, dispose } = await open()
      try {
        await body(log)
      } finally {
        await dispose()
      }
    })
  }

  describe(`log contract: ${name}`, () => {
    withLog(
      'records of one key come back in the order they were produced, with key, headers and value',
      async (log) => {
        await log.produce(TOPIC, [record('a', '1'), record('b', '2'), record('a', '3')])
        await log.produce(TOPIC, [record('a', '4')])
        const member = await log.join({ group: 'g', topics: [TOPIC] })
        const records = await take(member, 4)
        assert.deepEqual(records.filter(({ key }) => key === 'a').map(textOf), ['1', '3', '4'])
        assert.deepEqual(
          records.map((each) => String(each.headers.ce_id)),
          records.map(textOf),
        )
        await member.leave()
      },
    )

    withLog('a tombstone stays a tombstone', async (log) => {
      await log.produce(TOPIC, [{ key: 'a', value: null, headers: {} }])
      const member = await log.join({ group: 'g', topics: [TOPIC] })
      assert.equal((await take(member, 1))[0]!.value, null)
      await member.leave()
    })

    withLog('a new group reads from the beginning; a group that left goes on after its commit', async (log) => {
      await log.produce(TOPIC, [record('a', '1'), record('a', '2')])
      const first = await log.join({ group: 'g', topics: [TOPIC] })
      const [one] = await take(first, 2)
      await first.commit(after([one!]))
      await first.leave()
      const second = await log.join({ group: 'g', topics: [TOPIC] })
      assert.deepEqual((await take(second, 1)).map(textOf), ['2'])
      await second.leave()
    })

    withLog('groups do not see each other’s offsets', async (log) => {
      await log.produce(TOPIC, [record('a', '1')])
      for (const group of ['g', 'h']) {
        const member = await log.join({ group, topics: [TOPIC] })
        const records = await take(member, 1)
        assert.deepEqual(records.map(textOf), ['1'])
        await member.commit(after(records))
        await member.leave()
      }
    })

    withLog('lag is end minus committed, and everything while nothing is committed', async (log) => {
      const member = await log.join({ group: 'g', topics: [TOPIC] })
      await log.produce(TOPIC, [record('a', '1'), record('b', '2'), record('c', '3')])
      assert.equal(totalLag(await log.lag('g')), 3)
      const records = await take(member, 3)
      await member.commit(after(records.filter(({ key }) => key === 'a')))
      assert.equal(totalLag(await log.lag('g')) < 3, true)
      await member.commit(after(records))
      assert.equal(totalLag(await log.lag('g')), 0)
      await member.leave()
    })

    withLog('two members share the partitions, and each record reaches one of them', async (log) => {
      const members = await Promise.all(['1', '2'].map(() => log.join({ group: 'g', topics: [TOPIC] })))
      const records = Array.from({ length: 40 }, (_, i) => record(`key-${i}`, String(i)))
      await log.produce(TOPIC, records)
      const seen = await takeFromAll(members, records.length)
      assert.deepEqual(seen.map(textOf).sort(), records.map((_, i) => String(i)).sort())
      for (const member of members) await member.leave()
    })

    withLog('when a member leaves, the other takes over from its last commit', async (log) => {
      const stays = await log.join({ group: 'g', topics: [TOPIC] })
      const leaves = await log.join({ group: 'g', topics: [TOPIC] })
      await log.produce(
        TOPIC,
        Array.from({ length: 20 }, (_, i) => record(`key-${i}`, String(i))),
      )
      await leaves.fetch(1, AbortSignal.timeout(500))
      await leaves.leave()
      const seen = await takeFromAll([stays], 20)
      assert.equal(seen.length, 20)
      await stays.leave()
    })

    withLog('a new owner starts only after the old one has let go', async (log) => {
      let released = false
      const old = await log.join({
        group: 'g',
        topics: [TOPIC],
        onRevoked: async () => {
          await new Promise((resolve) => setTimeout(resolve, 50))
          released = true
        },
      })
      const next = await log.join({ group: 'g', topics: [TOPIC] })
      assert.equal(released, true)
      await Promise.all([old.leave(), next.leave()])
    })

    withLog('a partition without room waits with its records and holds up no other', async (log) => {
      const full = (await log.produce(TOPIC, [record('a', '1'), record('a', '2')]))[0]!.partition
      const keys = Array.from({ length: 40 }, (_, i) => `key-${i}`)
      const others = (
        await log.produce(
          TOPIC,
          keys.map((key) => record(key, key)),
        )
      ).filter(({ partition }) => partition !== full)
      const member = await log.join({ group: 'g', topics: [TOPIC] })
      const roomOf = ({ partition }: { readonly partition: number }): number => (partition === full ? 0 : 100)
      const seen = await takeFromAll([member], others.length, roomOf)
      assert.equal(
        seen.some(({ partition }) => partition === full),
        false,
      )
      assert.equal(seen.length, others.length)
      assert.deepEqual((await takeFromAll([member], 1, () => 1)).map(textOf), ['1'])
      await member.leave()
    })

    withLog('a record can be read again by its offset', async (log) => {
      const [position] = await log.produce(TOPIC, [record('a', '1')])
      const [again] = await log.read(TOPIC, position!.partition, position!.offset, 1)
      assert.equal(textOf(again!), '1')
    })

    withLog('a topic says how many partitions it has, and has no other', async (log) => {
      const count = await log.partitions(TOPIC)
      const { partition } = (await log.produce(TOPIC, [record('a', '1')]))[0]!
      assert.ok(partition < count)
      assert.deepEqual(await log.read(TOPIC, count - 1, 100, 1), [])
      await assert.rejects(log.read(TOPIC, count, 0, 1), { code: 'NOT_FOUND' })
    })

    withLog('a tail sees what is produced after it began, and nothing after it stopped', async (log) => {
      await log.produce(TOPIC, [record('a', 'before')])
      const seen: string[] = []
      const stop = await log.tail([TOPIC], (each) => seen.push(textOf(each)))
      await log.produce(TOPIC, [record('a', 'during')])
      while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      await stop()
      await log.produce(TOPIC, [record('a', 'after')])
      assert.deepEqual(seen, ['during'])
    })

    withLog('it works until it is closed', async (log) => {
      await log.check()
      await log.close()
      await assert.rejects(log.check(), { code: 'LOG_UNAVAILABLE' })
    })

    withLog('an idle fetch ends with nothing when its signal aborts', async (log) => {
      const member = await log.join({ group: 'g', topics: [TOPIC] })
      assert.deepEqual(await member.fetch(10, AbortSignal.timeout(20)), [])
      await member.leave()
    })
  })
}

async function take(member: Membership, count: number): Promise<LogRecord[]> {
  return takeFromAll([member], count)
}

async function takeFromAll(members: readonly Membership[], count: number, roomOf?: RoomOf): Promise<LogRecord[]> {
  const seen: LogRecord[] = []
  const enough = new AbortController()
  const timer = setTimeout(() => enough.abort(), 30_000)
  await Promise.all(
    members.map(async (member) => {
      while (seen.length < count && !enough.signal.aborted) {
        seen.push(...(await member.fetch(count, enough.signal, roomOf)))
        if (seen.length >= count) enough.abort()
      }
    }),
  )
  clearTimeout(timer)
  return seen
}
