import { describe, test } from 'node:test'
import { S3Objects } from '../../platform/adapters/objects-s3.ts'
import { defineFunction, implement } from '../../platform/function.ts'
import { S3Server } from '../servers/s3.ts'
import { defer } from '../support/defer.ts'
import { declaration, eventsOf, idOf, idsTold, report, sendAll, tally, toldOf, untilDone, WITHIN_MS } from './probe.ts'
import { consume, world } from './world.ts'

const EVENTS = 200
const EVERY_MS = 50
const DOWN_MS = 30_000

/** Keeps each event as an object, and tells of it then. */
const keeper = implement(
  defineFunction({ ...declaration, needs: ['objects'] }),
  async ({ id, subject }, { objects }) => {
    await objects.put('sentinel-clips', `faults/${id}`, Buffer.from(id))
    return toldOf(id, subject)
  },
)

describe('the object store under load', () => {
  test('down for 30 s', { timeout: WITHIN_MS * 2 }, async (t) => {
    const server = await S3Server.start()
    defer(t, () => server.remove())
    const objects = new S3Objects(server.url)
    await objects.makeBuckets()
    const places = await world(t)
    await consume(t, places, { fn: keeper, ports: { objects } })
    const sent = eventsOf(13, EVENTS)
    const sending = sendAll(places.log, sent, EVERY_MS)
    await new Promise((resolve) => setTimeout(resolve, (EVENTS * EVERY_MS) / 2))
    await server.end('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, DOWN_MS))
    await server.start()
    await sending
    await untilDone(places.log)
    const kept = new Map<string, number>()
    for (const record of sent) {
      const body = await objects.get('sentinel-clips', `faults/${idOf(record)}`)
      if (body && Buffer.from(body).toString() === idOf(record)) kept.set(idOf(record), 1)
    }
    report(t, tally(sent, kept, await idsTold(places.log)))
  })
})
