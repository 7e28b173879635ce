import { sql } from 'kysely'
import type { FrameDetection } from '../../platform/events/frame.ts'
import { ReviewRequested } from '../../platform/events/triage.ts'
import { pictureOf } from '../../platform/frame-picture.ts'
import { type Context, implement } from '../../platform/function.ts'
import { type Doubt, doubtsOf, remember, type TrackClasses, uncertaintyOf } from './doubt.ts'
import { declaration } from './function.ts'

type Ports = Context<typeof declaration>

/** What is known of one camera between its frames. */
interface CameraMemory {
  readonly classes: TrackClasses
  /** Tracks that were asked about, by reason. */
  readonly asked: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly askedAt: number
}

/** A camera's last frame, with what was known before it and after it. */
interface LastFrame {
  readonly frameId: string
  readonly before: CameraMemory
  readonly after: CameraMemory
}

const NOTHING: CameraMemory = { classes: {}, asked: new Set(), askedAt: Number.NEGATIVE_INFINITY }
const MAX_ASKED = 1000

export const triageRouter = implement(declaration, async ({ subject: camera, data: frame }, ports) => {
  const before = recall(camera, frame.frameId, ports)
  const keep = (after: CameraMemory): void =>
    ports.memory.set<LastFrame>(keyOf(camera), { frameId: frame.frameId, before, after })
  const classes = remember(before.classes, frame.boxes)
  keep({ ...before, classes })
  const doubt = doubtsOf(frame.boxes, classes, ports.config).find((each) => !before.asked.has(askOf(each)))
  const at = frame.capturedAt / 1000
  if (!doubt || Math.abs(at - before.askedAt) < ports.config.triageSpacing * 1000) return []
  const jpeg = await pictureOf(frame, ports.log)
  if (!jpeg || !(await spend(camera, frame, ports))) return []
  const image = `triage/${camera}/${frame.frameId}.jpg`
  await ports.objects.put('sentinel-clips', image, jpeg)
  keep({ classes, asked: withAsk(before.asked, doubt), askedAt: at })
  return request(camera, frame, { ...doubt, uncertainty: uncertaintyOf(frame.boxes, ports.config, classes) }, image)
})

const keyOf = (camera: string): string => `triage-router/${camera}`
const askOf = ({ trackId, reason }: Doubt): string => `${trackId ?? ''}/${reason}`

/** A frame that comes again is decided as it was the first time: nobody knows whether its item was published. */
function recall(camera: string, frameId: string, { memory }: Ports): CameraMemory {
  const last = memory.get<LastFrame>(keyOf(camera))
  if (!last) return NOTHING
  return last.frameId === frameId ? last.before : last.after
}

/** A doubt about something that has no track is about nothing in particular, and may come again. */
function withAsk(asked: ReadonlySet<string>, doubt: Doubt): ReadonlySet<string> {
  if (doubt.trackId === undefined) return asked
  return new Set([...asked, askOf(doubt)].slice(-MAX_ASKED))
}

/** Counts a frame against the camera's hour, once however often it comes. @returns false when the budget is used up. */
async function spend(
  camera: string,
  { frameId, capturedAt }: FrameDetection,
  { database, config }: Ports,
): Promise<boolean> {
  if (config.triageBudget < 1) return false
  const { rows } = await sql`
    INSERT INTO triage_budget AS b (camera_id, hour, used, last_frame)
    VALUES (${camera}, date_trunc('hour', ${new Date(capturedAt / 1000)}::timestamptz), 1, ${frameId})
    ON CONFLICT (camera_id, hour) DO UPDATE
      SET used = b.used + (b.last_frame IS DISTINCT FROM excluded.last_frame)::int, last_frame = excluded.last_frame
      WHERE b.used < ${config.triageBudget} OR b.last_frame = excluded.last_frame
    RETURNING used`.execute(database)
  return rows.length > 0
}

/** @param doubt why it is asked about, and how uncertain the whole frame is. */
function request(cameraId: string, frame: FrameDetection, doubt: Omit<Doubt, 'trackId'>, image: string) {
  const { frameId, capturedAt, width, height, model, boxes } = frame
  const { reason, uncertainty, said } = doubt
  const why = { reason, uncertainty, detail: said.text, told: [...said.told] }
  const data = { cameraId, frameId, capturedAt, width, height, model, boxes, ...why, image }
  return ReviewRequested.of(`review-${frameId}`, data)
}
