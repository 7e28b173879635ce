import type { SentinelError } from '../errors.ts'
import type { OfflineReason } from '../events/camera.ts'
import type { CameraSource } from '../ports/cameras.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { StreamOpened, Video } from '../ports/video.ts'
import { refusal } from '../refusal.ts'
import type { Sealing } from './sealing.ts'
import { parseSource, type SourceRules } from './source.ts'
import { cameraSources } from './sources.ts'

/** A person waits for the answer; a camera that takes longer is no use for live pictures either. */
const LIMIT_MS = 12_000
/** Each opens a connection to an address that somebody typed. */
const MAX_PROBES = 3
const WIDTH = 960

export interface ProbeDesk {
  readonly database: Database
  readonly clock: Clock
  readonly sealing: Sealing
  readonly rules: SourceRules
  readonly video: Video
}

export interface Probed extends StreamOpened {
  /** The first picture. */
  readonly jpeg: Uint8Array
  /** Milliseconds until it was there. */
  readonly ms: number
}

interface ProbeInput {
  readonly source: string
  /** The camera that has this source already: its stored password is taken where the source is as shown. */
  readonly cameraId?: string | undefined
}

const running = new WeakMap<Video, number>()

/**
 * Opens a source as the grabber would, until its first picture.
 *
 * @throws SentinelError `SOURCE_REFUSED`, `SOURCE_UNREADABLE` with what to do, `CONFLICT` while others are tested.
 */
export async function probeSource(desk: ProbeDesk, input: ProbeInput): Promise<Probed> {
  const source = await sourceOf(desk, input)
  const before = running.get(desk.video) ?? 0
  if (before >= MAX_PROBES) throw refusal('probesBusy', {})
  running.set(desk.video, before + 1)
  try {
    return await firstPicture(desk, source)
  } finally {
    running.set(desk.video, running.get(desk.video)! - 1)
  }
}

async function sourceOf(
  { database, sealing, rules }: ProbeDesk,
  { source, cameraId }: ProbeInput,
): Promise<CameraSource> {
  if (cameraId !== undefined) {
    const row = await database.selectFrom('cameras').select('source').where('id', '=', cameraId).executeTakeFirst()
    const stored = row?.source === source.trim() && (await cameraSources(database, sealing).sourceOf(cameraId))
    if (stored) return stored
  }
  return parseSource(source, rules)
}

async function firstPicture({ video, clock }: ProbeDesk, { url, loop }: CameraSource): Promise<Probed> {
  const startedAt = clock.now()
  const end = new AbortController()
  void clock.sleep(LIMIT_MS, end.signal).then(() => end.abort())
  let opened: StreamOpened | undefined
  try {
    for await (const event of video.open({ url, loop, fps: 5, maxWidth: WIDTH }, end.signal)) {
      if (event.kind === 'opened') opened = event
      else if (event.kind === 'closed') throw unreadable(end.signal.aborted ? 'timeout' : event.reason, event.detail)
      else {
        const jpeg = await event.image.jpeg()
        event.image.release()
        return { ...opened!, jpeg, ms: clock.now() - startedAt }
      }
    }
  } finally {
    end.abort()
  }
  throw unreadable('crashed', 'it ended without a word')
}

function unreadable(reason: OfflineReason, detail: string): SentinelError {
  return refusal(`probe.${reason}`, { detail, seconds: LIMIT_MS / 1000 })
}
