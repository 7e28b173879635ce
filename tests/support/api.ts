import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { Registry } from 'prom-client'
import WebSocket from 'ws'
import type { HealthPart } from '../../graphql/context.ts'
import { EventFeed } from '../../graphql/live.ts'
import { startServer } from '../../graphql/server.ts'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { FileObjects } from '../../platform/adapters/objects-files.ts'
import { GitRepository } from '../../platform/adapters/repository-git/git-repository.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { NodeAvVideo } from '../../platform/adapters/video-nodeav/video.ts'
import { Sealing } from '../../platform/cameras/sealing.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { MediaServer } from '../../platform/ports/media.ts'
import type { VideoPackets } from '../../platform/ports/video.ts'
import { defer } from './defer.ts'
import { model, timings } from './detections.ts'
import { openLog } from './log.ts'
import { freshDatabase } from './postgres.ts'

export const TOKEN = 'test-token'

export interface ApiOptions {
  /** Folder of a built dashboard; a page of one line without it. */
  readonly dashboard?: string
  /** None without it. */
  readonly video?: VideoPackets
  /** The standby that history is read from; the one database without it. */
  readonly history?: Database
  /** Where streams are played from; from nowhere without it. */
  readonly media?: MediaServer
  /** URL of the style of the map; the built-in one without it. */
  readonly mapStyle?: string
  /** Names of the parts that are away. */
  readonly failing?: readonly string[]
  /** Of a migrated database; a fresh one without it. */
  readonly databaseUrl?: string
}

export type Api = Awaited<ReturnType<typeof openApi>>

/** The server on a real database, log and object store, all gone after the test. */
export async function openApi(t: TestContext, { databaseUrl, ...options }: ApiOptions = {}) {
  const { dashboard, video, history, media, mapStyle, failing = [] } = options
  const url = databaseUrl ?? (await freshDatabase(t)).url
  const statements: string[] = []
  const { database, close } = openDatabase(url, { onStatement: (sql) => statements.push(sql) })
  defer(t, close)
  const log = await openLog(t)
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-api-'))
  defer(t, () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'index.html'), '<title>Sentinel</title>')
  const objects = new FileObjects(join(folder, 'objects'))
  const repository = await GitRepository.open({ directory: join(folder, 'gitops.git') })
  const feed = await EventFeed.open(log)
  // Its processes start with the first source that somebody opens.
  const sources = new NodeAvVideo()
  defer(t, () => sources.close())
  const errors: Error[] = []
  const metrics = new Registry()
  const start = (port = 0) =>
    startServer({
      host: '127.0.0.1',
      port,
      token: TOKEN,
      dashboard: dashboard ?? folder,
      mapStyle,
      metrics,
      onError: (error) => errors.push(error),
      ports: {
        database,
        history,
        log,
        video,
        media,
        objects,
        repository,
        sources,
        feed,
        clock: systemClock,
        desk: {
          database,
          clock: systemClock,
          sealing: new Sealing(new Uint8Array(32)),
          rules: { files: false, baseDirectory: '/' },
        },
        health: async () => [
          { name: 'model', state: 'missing', message: 'give one', told: [] },
          ...failing.map(failed),
        ],
        lag: async () => [{ function: 'detect', lag: 3 }],
      },
    })
  const server = await start()
  defer(t, async () => {
    await server.close()
    await feed.close()
  })
  const at = { origin: server.url, token: TOKEN }
  return { ...at, at, database, log, objects, repository, feed, statements, errors, metrics, server, start }
}

const failed = (name: string): HealthPart => ({ name, state: 'failing', message: 'it is away', told: [] })

export async function addCameras(database: Database, count: number): Promise<void> {
  const rows = Array.from({ length: count }, (_, n) => ({
    id: `cam-${n}`,
    name: `Camera ${String(n).padStart(3, '0')}`,
    source: 'rtsp://h/1',
  }))
  await database.insertInto('cameras').values(rows).execute()
}

export async function addDetections(database: Database, cameras: number, each: number): Promise<void> {
  const rows = Array.from({ length: cameras * each }, (_, n) => ({
    captured_at: new Date(Date.parse('2026-06-01T08:00:00Z') + n * 1000),
    frame_id: `f-${n}`,
    event_id: `e-${n}`,
    camera_id: `cam-${n % cameras}`,
    detected_at: new Date(),
    capture_clock: 'arrival',
    width: 640,
    height: 360,
    model_digest: model.digest,
    model_name: 'm',
    boxes: JSON.stringify([{ class: 'car', score: 0.9, trackId: 't-1', box: [0.1, 0.2, 0.3, 0.4] }]),
    timings: JSON.stringify(timings),
  }))
  await database.insertInto('detections').values(rows).execute()
}

export async function addItem(
  database: Database,
  id = 'review-1',
  more: { readonly camera_id?: string; readonly uncertainty?: number } = {},
): Promise<void> {
  const item = {
    id,
    camera_id: 'cam-0',
    frame_id: 'f-0',
    captured_at: new Date(),
    requested_at: new Date(),
    reason: 'low-confidence',
    uncertainty: 0.7,
    detail: 'car with a score of only 30 %',
    width: 640,
    height: 360,
    model_digest: model.digest,
    model_name: 'm',
    boxes: JSON.stringify([{ class: 'car', score: 0.3, box: [0.1, 0.2, 0.3, 0.4] }]),
    image: 'triage/cam-0/f-0.jpg',
    ...more,
  }
  await database.insertInto('triage_items').values(item).execute()
}

/** An open WebSocket that holds the token. */
export async function openSocket(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers: { authorization: `Bearer ${TOKEN}`, ...headers } })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}
