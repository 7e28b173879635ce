import { agreementIn, consentOf } from '../../platform/evaluation/agreement.ts'
import { OPERATING_SCORE } from '../../platform/evaluation/operating.ts'
import type { Box, FrameDetection } from '../../platform/events/frame.ts'
import { jpegImage } from '../../platform/events/image.ts'
import { FrameShadowed } from '../../platform/events/model.ts'
import { pictureOf } from '../../platform/frame-picture.ts'
import { type Context, implement } from '../../platform/function.ts'
import { declaration } from './function.ts'

type Ports = Context<typeof declaration>

/** The candidate that looks along now, and until when it rests. */
interface Turn {
  readonly candidate: { readonly digest: string; readonly running: string } | undefined
  /** Milliseconds since the epoch. */
  readonly askedAt: number
  readonly restsUntil: number
}

const KEY = 'shadow'
const ASK_EVERY_MS = 1000

export const shadow = implement(declaration, async ({ subject: camera, data: frame }, ports) => {
  const { clock, memory, config } = ports
  await ask(ports)
  // Read after the last pause: of frames that are handled beside each other one is looked at.
  const turn = memory.get<Turn>(KEY)!
  const now = clock.now()
  if (!turn.candidate || now < turn.restsUntil || now - frame.capturedAt / 1000 > config.shadowFrameAge) return []
  if (frame.model.digest !== turn.candidate.running) return []
  memory.set<Turn>(KEY, { ...turn, restsUntil: Number.POSITIVE_INFINITY })
  try {
    return await look(camera, frame, turn.candidate, ports)
  } finally {
    const ended = clock.now()
    memory.set<Turn>(KEY, {
      ...memory.get<Turn>(KEY)!,
      restsUntil: ended + (ended - now) * (1 / config.shadowShare - 1),
    })
  }
})

/** Asked of the database once a second, however many frames come. */
async function ask({ database, memory, clock }: Ports): Promise<void> {
  const known = memory.get<Turn>(KEY) ?? { candidate: undefined, askedAt: Number.NEGATIVE_INFINITY, restsUntil: 0 }
  const now = clock.now()
  if (now - known.askedAt < ASK_EVERY_MS) return
  memory.set<Turn>(KEY, { ...known, askedAt: now })
  const candidate = await database
    .selectFrom('model_evaluations')
    .select(['digest', 'running'])
    .where('state', '=', 'shadowing')
    .orderBy('shadowing_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  memory.set<Turn>(KEY, { ...memory.get<Turn>(KEY)!, candidate })
}

type Pair = NonNullable<Turn['candidate']>

async function look(camera: string, frame: FrameDetection, { digest, running }: Pair, ports: Ports) {
  const jpeg = await pictureOf(frame, ports.log)
  if (!jpeg) return []
  const image = jpegImage(jpeg, frame.width, frame.height)
  const { boxes, timings } = await ports.models.with(digest, (model) => model.detect(image))
  const candidateBoxes = boxes.filter(({ score }) => score >= OPERATING_SCORE)
  const agreement = agreementIn(consentOf(boxes, frame.boxes, OPERATING_SCORE))
  const { inferMs } = timings
  const seen = { frameId: frame.frameId, candidate: digest, running, agreement, inferMs, candidateBoxes }
  await keep(camera, frame, { ...seen, runningBoxes: frame.boxes }, jpeg, ports)
  return FrameShadowed.of(camera, { ...seen, runningBoxes: frame.boxes }, { id: `${frame.frameId}-${digest}` })
}

interface Seen {
  readonly candidate: string
  readonly running: string
  readonly agreement: number
  readonly inferMs: number
  readonly candidateBoxes: readonly Box[]
  readonly runningBoxes: readonly Box[]
}

async function keep(camera: string, frame: FrameDetection, seen: Seen, jpeg: Uint8Array, ports: Ports): Promise<void> {
  const { database } = ports
  const image = (await isWorthKeeping(seen, ports)) ? await stored(camera, frame, jpeg, ports) : null
  await database
    .insertInto('shadow_frames')
    .values({
      ...{ digest: seen.candidate, frame_id: frame.frameId, running: seen.running, camera_id: camera, image },
      ...{ captured_at: new Date(frame.capturedAt / 1000), width: frame.width, height: frame.height },
      ...{ agreement: seen.agreement, infer_ms: seen.inferMs },
      candidate_boxes: JSON.stringify(seen.candidateBoxes),
      running_boxes: JSON.stringify(seen.runningBoxes),
    })
    .onConflict((conflict) => conflict.columns(['digest', 'frame_id']).doNothing())
    .execute()
}

async function isWorthKeeping({ candidate, agreement }: Seen, { database, config }: Ports): Promise<boolean> {
  if (agreement >= config.shadowKeepBelow) return false
  const { kept } = await database
    .selectFrom('shadow_frames')
    .select(({ fn }) => fn.countAll<string>().as('kept'))
    .where('digest', '=', candidate)
    .where('image', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(kept) < config.shadowKeep
}

async function stored(camera: string, { frameId }: FrameDetection, jpeg: Uint8Array, { objects }: Ports) {
  const key = `shadow/${camera}/${frameId}.jpg`
  await objects.put('sentinel-clips', key, jpeg)
  return key
}
