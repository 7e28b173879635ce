import type { FrameDetection } from '../../platform/events/frame.ts'
import { microsToText } from '../../platform/events/micros.ts'
import { pictureOf } from '../../platform/frame-picture.ts'
import { implement } from '../../platform/function.ts'
import { dropKept, keptKey } from '../../platform/kept-frames.ts'
import { declaration } from './function.ts'

/** The picture of a camera that was kept last. */
interface Kept {
  /** µs since the epoch, by the camera's clock. */
  readonly capturedAt: number
  readonly tracks: ReadonlySet<string>
}

/** Where something appears that the last picture does not show, a picture is kept this much sooner. */
const SOONER = 5
const MINUTE_MS = 60_000
/** More than are kept at a time, so that what has grown shrinks again. */
const DROP_AT_ONCE = 20

/** Of each camera a picture now and then, and where something appears, for as long as people look back. */
export const frameKeeper = implement(declaration, async ({ subject: camera, data: frame }, ports) => {
  const { config, memory, log, objects, database, clock } = ports
  const key = `frame-keeper/${camera}`
  if (!isDue(memory.get<Kept>(key), frame, config.keepEvery)) return []
  const jpeg = await pictureOf(frame, log)
  if (!jpeg) return []
  await objects.put('sentinel-clips', keptKey(camera, frame.frameId), jpeg)
  const { frameId: frame_id, capturedAt } = frame
  const now = clock.now()
  await database
    .insertInto('kept_frames')
    .values({ camera_id: camera, frame_id, captured_at: microsToText(capturedAt), kept_at: new Date(now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  memory.set<Kept>(key, { capturedAt, tracks: tracksOf(frame) })
  await dropKept({ database, objects }, now - config.keepMinutes * MINUTE_MS, DROP_AT_ONCE)
  return []
})

/** A clock that was set back begins anew. */
function isDue(last: Kept | undefined, frame: FrameDetection, every: number): boolean {
  if (every === 0) return false
  if (!last) return true
  const isNews = [...tracksOf(frame)].some((track) => !last.tracks.has(track))
  const since = Math.abs(frame.capturedAt - last.capturedAt) / 1e6
  return since >= (isNews ? every / SOONER : every)
}

function tracksOf({ boxes }: FrameDetection): ReadonlySet<string> {
  return new Set(boxes.flatMap(({ trackId }) => trackId ?? []))
}
