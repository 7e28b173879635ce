import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { root } from '../../platform/paths.ts'
import type { Emit, FromServer } from './fanout/server.child.ts'
import { type Benchmark, type Figures, quantile } from './figures.ts'

const CLIENTS = 1000
const CAMERAS = Array.from({ length: 10 }, (_, n) => `cam-${n}`)
/** Each camera tells so many detections, so far apart; each of them goes to every tenth client. */
const EACH = 100
const EVERY_MS = 200
const AT_ONCE = 50
/** What has not come so long after the last detection is lost. */
const LOST_AFTER_MS = 15_000
const TOKEN = 'bench-token'
const QUERY =
  'subscription ($ids: [ID!]) { frameDetected(cameraIds: $ids) { detectedAt boxes { class score trackId x y width height } } }'

/** Many subscribers over sockets of their own, before and while one more of them reads nothing. */
export const fanout: Benchmark = {
  about: `${CLIENTS} GraphQL subscribers, ${(CLIENTS * 1000) / EVERY_MS} deliveries a second, and one subscriber that never reads`,
  async run(say) {
    const child = fork(join(root, 'tests', 'performance', 'fanout', 'server.child.ts'), { stdio: 'inherit' })
    const sockets: WebSocket[] = []
    try {
      const { url } = (await heard(child)) as Extract<FromServer, { kind: 'ready' }>
      const delays: number[] = []
      for (let n = 0; n < CLIENTS; n += AT_ONCE) {
        const batch = Array.from({ length: AT_ONCE }, (_, i) =>
          subscribe(url, [CAMERAS[(n + i) % CAMERAS.length]!], (delay) => delays.push(delay)),
        )
        sockets.push(...(await Promise.all(batch)))
      }
      say(`${sockets.length} subscribers are connected`)
      return await measure(child, delays, async () => {
        const slow = await subscribe(url, CAMERAS, () => {})
        slow.pause()
        sockets.push(slow)
      })
    } finally {
      for (const socket of sockets) socket.terminate()
      child.disconnect()
      await once(child, 'exit')
    }
  },
}

async function measure(child: ChildProcess, delays: number[], addSlow: () => Promise<void>): Promise<Figures> {
  await emit(child, delays, 2)
  delays.length = 0
  const alone = await emit(child, delays, EACH)
  const before = delays.splice(0)
  await addSlow()
  const startedAt = performance.now()
  const together = await emit(child, delays, EACH)
  return {
    clients: CLIENTS,
    deliveriesPerSecond: (CLIENTS * 1000) / EVERY_MS,
    p50DeliveryMs: quantile(delays, 0.5),
    p99DeliveryMs: quantile(delays, 0.99),
    p99WithoutSlowMs: quantile(before, 0.99),
    lostEvents: 2 * EACH * CLIENTS - before.length - delays.length,
    serverCores: (together.cpuMs - alone.cpuMs) / (performance.now() - startedAt),
    serverCpuMsPerDelivery: (together.cpuMs - alone.cpuMs) / (EACH * CLIENTS),
    serverMiB: together.rss / 2 ** 20,
  }
}

/** Resolves when all of them have been delivered, or had the time. @returns what the server has used. */
async function emit(
  child: ChildProcess,
  delays: readonly number[],
  each: number,
): Promise<Extract<FromServer, { kind: 'emitted' }>> {
  child.send({ cameras: CAMERAS, each, everyMs: EVERY_MS } satisfies Emit)
  const answer = (await heard(child)) as Extract<FromServer, { kind: 'emitted' }>
  for (let ms = 0; delays.length < each * CLIENTS && ms < LOST_AFTER_MS; ms += 100) await sleep(100)
  return answer
}

async function heard(child: ChildProcess): Promise<FromServer> {
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('The server has ended; see above')))
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [FromServer]
  return message
}

/** graphql-transport-ws by hand, to cost little. @param hear the ms from the detection to its delivery. */
async function subscribe(url: string, ids: readonly string[], hear: (delay: number) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: TOKEN } }))
  await once(socket, 'message')
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { ids } } }))
  socket.on('message', (data) => {
    const now = performance.timeOrigin + performance.now()
    const { type, payload } = JSON.parse(String(data))
    if (type !== 'next') throw new Error(`A subscription was refused: ${data}`)
    hear(now - Date.parse(payload.data.frameDetected.detectedAt))
  })
  return socket
}
