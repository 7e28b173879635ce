import { type Box, FrameDetected, type FrameDetection } from '../../platform/events/frame.ts'
import { implement } from '../../platform/function.ts'
import { declaration } from './function.ts'
import { startTracker, step, type TrackerOptions, type TrackerState } from './tracker/tracker.ts'

/** The camera's tracks, and the last frame that moved them with what came out. */
interface Followed {
  readonly tracker: TrackerState
  readonly frameId: string
  readonly boxes: readonly Box[]
  /** Not so for a frame that came late: it is only looked at. */
  readonly isNewest: boolean
}

export const detect = implement(declaration, async (event, ports) => {
  const { model: running, memory, clock, config, position, superseded } = ports
  const capturedAt = Number(event.capturedat)
  // Counted from when the frame came in: a playlist is seconds behind its cameras, and still as fresh as it can be.
  const queueMs = Math.max(0, clock.now() - Date.parse(event.time))
  if (queueMs > (superseded.aborted ? config.maxOvertakenAge : config.maxFrameAge)) return []
  const model = running.for(event.subject)
  const { boxes, timings } = await model.detect(event.data)
  const frameId = String(event.frameid)
  const followed = follow(memory.get(event.subject), frameId, boxes, capturedAt, config)
  if (followed.isNewest) memory.set(event.subject, followed)
  const detection: FrameDetection = {
    frameId,
    capturedAt,
    captureClock: event.captureclock as FrameDetection['captureClock'],
    width: Number(event.width),
    height: Number(event.height),
    model: { digest: model.info.digest, name: model.info.name },
    boxes: [...followed.boxes],
    frame: position ?? { partition: 0, offset: 0 },
    timings: { queueMs, ...timings },
  }
  return FrameDetected.of(event.subject, detection)
})

/** A frame that is delivered again gives what it gave before; one that is older than the last is only looked at. */
function follow(
  before: Followed | undefined,
  frameId: string,
  boxes: readonly Box[],
  capturedAt: number,
  config: TrackerOptions & { readonly maxFrameAge: number },
): Followed {
  if (before?.frameId === frameId) return before
  const time = capturedAt / 1e6
  const tracker = before && !isTurnedBack(before.tracker.time, time, config) ? before.tracker : fresh(capturedAt)
  if (time <= tracker.time) {
    return { tracker, frameId, boxes: boxes.filter(({ score }) => score >= config.highScore), isNewest: false }
  }
  const next = step(tracker, boxes, time, config)
  return { tracker: next.state, frameId, boxes: next.boxes, isNewest: true }
}

/** No frame comes so late: the camera's clock was set back, and the tracks belong to a time that comes again. */
function isTurnedBack(last: number, time: number, { maxFrameAge }: { readonly maxFrameAge: number }): boolean {
  return time < last - maxFrameAge / 1000
}

function fresh(capturedAt: number): TrackerState {
  return startTracker(Math.floor(capturedAt / 1000).toString(36))
}
