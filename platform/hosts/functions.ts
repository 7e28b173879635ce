import { annotationStore } from '../../functions/annotation-store/handler.ts'
import { detect } from '../../functions/detect/handler.ts'
import { evaluate } from '../../functions/evaluate/handler.ts'
import { eventStore } from '../../functions/event-store/handler.ts'
import { frameGrabber } from '../../functions/frame-grabber/handler.ts'
import { frameKeeper } from '../../functions/frame-keeper/handler.ts'
import { modelPromoter } from '../../functions/model-promoter/handler.ts'
import { shadow } from '../../functions/shadow/handler.ts'
import { trainTrigger } from '../../functions/train-trigger/handler.ts'
import { trainer } from '../../functions/trainer/handler.ts'
import { triageRouter } from '../../functions/triage-router/handler.ts'
import { SentinelError } from '../errors.ts'
import type { Implementation } from '../function.ts'

export const functions: readonly Implementation[] = [
  frameGrabber,
  detect,
  eventStore,
  frameKeeper,
  triageRouter,
  annotationStore,
  trainTrigger,
  trainer,
  evaluate,
  shadow,
  modelPromoter,
]

/** @throws SentinelError `NOT_FOUND` with those there are. */
export function functionNamed(name: string): Implementation {
  const found = functions.find(({ declaration }) => declaration.name === name)
  if (found) return found
  const names = functions.map(({ declaration }) => declaration.name).join(', ')
  throw new SentinelError('NOT_FOUND', `There is no function ${JSON.stringify(name)}; there are ${names}`)
}
