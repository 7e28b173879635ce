import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { connectorFor } from './clients.ts'
import { readPlace } from './place.ts'

const API_VERSIONS = 18
/** The newest version of each request that Redpanda told of in https://github.com/platformatic/kafka/issues/51. */
const REDPANDA: Readonly<Record<number, number>> = { 0: 7, 1: 11, 2: 4, 3: 7, 9: 7, 10: 3, [API_VERSIONS]: 3 }

/** Tells every client which versions it speaks, as a broker does, and nothing else. @returns how many connections there were. */
async function oldBroker(t: TestContext) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('data', (request) => {
      const [key, version] = [request.readInt16BE(4), request.readInt16BE(6)]
      assert.equal(key, API_VERSIONS)
      socket.write(framed(request.readInt32BE(8), versionsIn(version)))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  defer(t, () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, connections: () => sockets.length }
}

function framed(correlation: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeInt32BE(body.length + 4)
  head.writeInt32BE(correlation, 4)
  return Buffer.concat([head, body])
}

/** ApiVersionsResponse: from version 3 on with short lengths and room for tagged fields. */
function versionsIn(version: number): Buffer {
  const entries = Object.entries(REDPANDA)
  const isShort = version >= 3
  const written = entries.map(([key, newest]) =>
    Buffer.concat([int16(Number(key)), int16(0), int16(newest), Buffer.alloc(isShort ? 1 : 0)]),
  )
  const length = isShort ? Buffer.from([entries.length + 1]) : Buffer.from([0, 0, 0, entries.length])
  const throttle = Buffer.alloc(version >= 1 ? 4 : 0)
  return Buffer.concat([int16(0), length, ...written, throttle, Buffer.alloc(isShort ? 1 : 0)])
}

function int16(value: number): Buffer {
  const out = Buffer.alloc(2)
  out.writeInt16BE(value)
  return out
}

describe('which client speaks to brokers that only know older versions of the protocol', { timeout: 30_000 }, () => {
  test('the second, where none was chosen, and at once the next time', async (t) => {
    const { address, connections } = await oldBroker(t)
    const { brokers, security, ...place } = readPlace(`kafka://${address}`)
    const connect = connectorFor({ brokers, security, ...place })
    for (const expected of [2, 3]) {
      const broker = await connect(brokers[0]!, security)
      assert.equal(broker.isOpen, true)
      assert.equal(connections(), expected)
      await broker.close()
    }
  })

  test('the first says so where it was chosen', async (t) => {
    const { address } = await oldBroker(t)
    const place = readPlace(`kafka://${address}/?client=platformatic`)
    await assert.rejects(connectorFor(place)(place.brokers[0]!, place.security), { kind: 'UNSUPPORTED_VERSION' })
  })
})
