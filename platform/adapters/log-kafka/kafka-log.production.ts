import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { defer } from '../../../tests/support/defer.ts'
import { by, kafkaBroker, kafkaSpace } from '../../../tests/support/kafka.ts'
import { logContract } from '../../ports/log.contract.ts'
import type { LogRecord, Position } from '../../ports/log.ts'
import { KafkaLog } from './kafka-log.ts'
import { CLIENTS } from './place.ts'

const textOf = ({ value }: LogRecord): string => Buffer.from(value as Uint8Array).toString()

for (const client of CLIENTS) {
  logContract(`kafka by ${client}`, async () => {
    const { url, remove } = await kafkaSpace(['events.cameras'])
    const log = new KafkaLog(by(client, url))
    return {
      log,
      dispose: async () => {
        await log.close()
        await remove()
      },
    }
  })

  test(`what retention took is passed over, by ${client}`, async (t) => {
    const { url, prefix, remove } = await kafkaSpace(['events.cameras'], 1)
    defer(t, remove)
    const log = new KafkaLog(by(client, url))
    defer(t, () => log.close())
    const admin = new Kafka({ brokers: [kafkaBroker()], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    defer(t, () => admin.disconnect())
    const texts = ['0', '1', '2', '3', '4']
    for (const text of texts) {
      await log.produce('events.cameras', [{ key: 'a', value: Buffer.from(text), headers: {} }])
    }
    const left = async (): Promise<string[]> => (await log.read('events.cameras', 0, 0, 10)).map(textOf)
    assert.deepEqual(await left(), texts)
    // kafkajs deletes only from topics that this admin has asked about before.
    await admin.fetchTopicOffsets(`${prefix}events.cameras`)
    for (const low of [3, 5]) {
      const partitions = [{ partition: 0, offset: String(low) }]
      await admin.deleteTopicRecords({ topic: `${prefix}events.cameras`, partitions })
      assert.deepEqual(await left(), texts.slice(low))
    }
  })

  test(`a record that no broker takes is refused, and a picture of megabytes is none, by ${client}`, async (t) => {
    const { url, remove } = await kafkaSpace(['frames'], 2)
    defer(t, remove)
    const log = new KafkaLog(by(client, url))
    defer(t, () => log.close())
    const ofSize = (bytes: number) => [{ key: 'a', value: Buffer.alloc(bytes, 'x'), headers: {} }]
    await assert.rejects(log.produce('frames', ofSize(3e6)), { code: 'RECORD_REFUSED' })
    const [{ partition, offset }] = (await log.produce('frames', ofSize(9e5))) as [Position]
    assert.equal(((await log.read('frames', partition, offset, 1))[0]!.value as Buffer).length, 9e5)
  })

  test(`records that come one after another are gathered where they may wait, by ${client}`, async (t) => {
    const { url, remove } = await kafkaSpace(['events.cameras'], 1)
    defer(t, remove)
    const log = new KafkaLog(by(client, url))
    defer(t, () => log.close())
    const gather = 200
    const member = await log.join({ group: 'g', topics: ['events.cameras'], gather })
    const texts = Array.from({ length: 40 }, (_, n) => `${n}`)
    const began = performance.now()
    const produced = (async () => {
      for (const text of texts) {
        await log.produce('events.cameras', [{ key: 'a', value: Buffer.from(text), headers: {} }])
        await sleep(10)
      }
    })()
    const seen: string[] = []
    let fetches = 0
    for (; seen.length < texts.length; fetches++)
      seen.push(...(await member.fetch(100, AbortSignal.timeout(20_000))).map(textOf))
    await produced
    assert.deepEqual(seen, texts)
    assert.ok(fetches <= (performance.now() - began) / gather + 2, `${fetches} fetches`)
  })

  test(`headers of every kind come back, by ${client}`, async (t) => {
    const { url, remove } = await kafkaSpace(['events.cameras'], 1)
    defer(t, remove)
    const log = new KafkaLog(by(client, url))
    defer(t, () => log.close())
    const headers = { text: 'Königsallee', bytes: Buffer.from([0, 255]), several: ['a', 'b'], none: undefined }
    await log.produce('events.cameras', [{ key: null, value: Buffer.from('x'), headers }])
    const [record] = await log.read('events.cameras', 0, 0, 1)
    assert.equal(record!.key, null)
    assert.deepEqual(
      Object.entries(record!.headers).map(([name, content]) => [
        name,
        [content].flat().map((each) => Buffer.from(each!).toString('hex')),
      ]),
      [
        ['text', [Buffer.from('Königsallee').toString('hex')]],
        ['bytes', ['00ff']],
        ['several', ['61', '62']],
      ],
    )
  })
}

test('members that speak by different clients share a group, and each key stays where it is', async (t) => {
  const { url, remove } = await kafkaSpace(['events.cameras'])
  defer(t, remove)
  const logs = CLIENTS.map((client) => new KafkaLog(by(client, url)))
  for (const log of logs) defer(t, () => log.close())
  const members = await Promise.all(logs.map((log) => log.join({ group: 'g', topics: ['events.cameras'] })))
  const keys = Array.from({ length: 20 }, (_, i) => `camera-${i}`)
  const places = await Promise.all(
    logs.map((log) =>
      log.produce(
        'events.cameras',
        keys.map((key) => ({ key, value: Buffer.from(key), headers: {} })),
      ),
    ),
  )
  const [ones, others] = places.map((positions) => positions.map(({ partition }) => partition))
  assert.deepEqual(ones, others)
  const enough = AbortSignal.timeout(60_000)
  const seen: string[] = []
  await Promise.all(
    members.map(async (member) => {
      while (seen.length < 2 * keys.length && !enough.aborted) {
        seen.push(...(await member.fetch(100, AbortSignal.any([enough, AbortSignal.timeout(1000)]))).map(textOf))
      }
    }),
  )
  assert.deepEqual(seen.sort(), [...keys, ...keys].sort())
  for (const member of members) await member.leave()
})
