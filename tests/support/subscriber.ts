import type { TestContext } from 'node:test'
import WebSocket from 'ws'
import { CameraOnline } from '../../platform/events/camera.ts'
import { toRecord } from '../../platform/events/codec.ts'
import { completeEvent } from '../../platform/events/complete.ts'
import type { Draft } from '../../platform/events/event.ts'
import type { TopicName } from '../../platform/events/topics.ts'
import type { Log } from '../../platform/ports/log.ts'
import { TOKEN } from './api.ts'
import { defer } from './defer.ts'

interface Message {
  readonly id?: string
  readonly type: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
  readonly payload: any
}

/** graphql-transport-ws by hand: it shows each message, and can stop reading. */
export async function rawClient(t: TestContext, origin: string) {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  defer(t, () => socket.terminate())
  const messages: Message[] = []
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token: TOKEN } }))
  await new Promise((resolve) => socket.once('message', resolve))
  socket.on('message', (data) => messages.push(JSON.parse(String(data))))
  return {
    socket,
    messages,
    of: (id: string) => messages.filter((message) => message.id === id),
    subscribe: (id: string, query: string) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query } })),
  }
}

/** Puts these facts on the log. */
export async function tell(log: Log, topic: TopicName, ...drafts: Draft[]): Promise<void> {
  const time = new Date().toISOString()
  const records = drafts.map((draft, n) => toRecord(completeEvent(draft, { source: '/t', id: `${time}-${n}`, time })))
  await log.produce(topic, records)
}

/** A camera came, with a codec's name of any length. */
export function online(codec: string): Draft {
  return CameraOnline.of('cam-1', { width: 640, height: 360, fps: null, codec })
}
