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
