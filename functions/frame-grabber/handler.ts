import { type CameraLease, CameraOffline, CameraOnline, type OfflineReason } from '../../platform/events/camera.ts'
import { FrameCaptured } from '../../platform/events/frame.ts'
import { type Context, implement, type Outgoing } from '../../platform/function.ts'
import type { CameraSource } from '../../platform/ports/cameras.ts'
import type { CapturedFrame, StreamEvent } from '../../platform/ports/video.ts'
import { backoff } from './backoff.ts'
import { declaration } from './function.ts'
import { Session } from './session.ts'

type Ports = Context<typeof declaration>
type Facts = AsyncGenerator<Outgoing<typeof declaration>>

/** The same failure again is told once in this time. */
const REPEAT_REPORT_MS = 60_000
/** How long an open stream waits for the next lease before it is closed. */
const LINGER_MS = 5000

/** Holds its delivery until the lease ends, so that the group's lag is the number of cameras that are watched. */
export const frameGrabber = implement(declaration, async function* (event, ports): Facts {
  const { subject: camera, data: lease } = event
  if (lease.until <= ports.clock.now()) {
    yield* release(camera, ports)
    return
  }
  const source = await ports.cameras.sourceOf(camera)
  if (!source) return
  const session = takeOver(camera, lease, ports)
  const end = new AbortController()
  const ended = AbortSignal.any([ports.signal, ports.superseded, end.signal])
  void ports.clock.sleep(lease.until - ports.clock.now(), ended).then(() => end.abort())
  session.hold()
  try {
    while (!ended.aborted) {
      if (session.isOpen) yield* relay(camera, session, ports, ended)
      else await connect(session, { ...source, camera }, ports, ended)
    }
  } finally {
    leave(session, ports)
  }
  if (ports.signal.aborted) throw new Error('The lease was given up')
  if (!ports.superseded.aborted) yield* release(camera, ports)
})

const keyOf = (camera: string): string => `frame-grabber/${camera}`

/** The stream of the lease before, unless the camera was changed since. */
function takeOver(camera: string, { revision, fps }: CameraLease, { memory }: Ports): Session {
  const before = memory.get<Session>(keyOf(camera))
  if (before && before.revision === revision && before.fps === fps) return before
  before?.close()
  const session = new Session(revision, fps)
  memory.set(keyOf(camera), session)
  return session
}

/** A stream that nobody takes over is closed: at once when this process must let go of it, else after a while. */
function leave(session: Session, { clock, signal }: Ports): void {
  if (!session.letGo()) return
  if (signal.aborted) session.close()
  else
    void clock.sleep(LINGER_MS).then(() => {
      if (!session.isHeld) session.close()
    })
}

async function connect(
  session: Session,
  source: CameraSource & { readonly camera: string },
  { video, clock, config }: Ports,
  ended: AbortSignal,
): Promise<void> {
  const wait = session.retryAt - clock.now()
  if (wait > 0) await clock.sleep(wait, ended)
  if (!ended.aborted) session.open(video, { ...source, fps: session.fps, maxWidth: config.maxWidth })
}

async function* relay(camera: string, session: Session, ports: Ports, ended: AbortSignal): Facts {
  const event = await session.next(ended)
  if (!event) return
  if (event.kind === 'frame') {
    session.failures = 0
    yield captured(camera, event)
  } else if (event.kind === 'opened') {
    session.reported = undefined
    const { width, height, fps, codec } = event
    yield CameraOnline.of(camera, { width, height, fps, codec })
  } else yield* closed(camera, session, event, ports)
}

async function* closed(
  camera: string,
  session: Session,
  { reason, detail }: Extract<StreamEvent, { kind: 'closed' }>,
  { clock }: Ports,
): Facts {
  const now = clock.now()
  session.retryAt = now + backoff(camera, ++session.failures, reason)
  const isNews = session.reported?.reason !== reason || now - session.reported.at >= REPEAT_REPORT_MS
  if (!isNews) return
  session.reported = { reason, at: now }
  yield offline(camera, reason, detail, session.retryAt)
}

async function* release(camera: string, { memory }: Ports): Facts {
  const session = memory.get<Session>(keyOf(camera))
  if (!session) return
  session.close()
  memory.set(keyOf(camera), undefined)
  yield offline(camera, 'released', 'Nobody watches it', null)
}

function offline(camera: string, reason: OfflineReason, detail: string, retryAt: number | null) {
  return CameraOffline.of(camera, { reason, detail, retryAt })
}

function captured(camera: string, { image, capturedAt, captureClock }: CapturedFrame) {
  const frameid = `${camera}-${capturedAt}`
  return FrameCaptured.of(camera, image, {
    id: frameid,
    attributes: {
      capturedat: String(capturedAt),
      captureclock: captureClock,
      frameid,
      width: String(image.width),
      height: String(image.height),
    },
  })
}
