import type { Recipe, TrainingProgress } from '../../events/training.ts'
import type { Trained, TrainingJob } from '../../ports/trainer.ts'
import type { Answers } from '../../training/detection/answers.ts'
import type { Features, Weights } from '../../training/engine.ts'
import type { Failure } from './failure.ts'

export interface TrainerSetup {
  readonly job: TrainingJob
  /** One 32-bit number, 1 once the training is to end. */
  readonly stop: SharedArrayBuffer
}

export type TrainerMessage =
  | { readonly kind: 'progressed'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | Failure

/** What a thread that helps with the learning works on. */
export interface HelperSetup {
  readonly model: Uint8Array
  readonly method: Recipe['method']
}

/** `forwards` and then `backwards` from there; or only what is answered; at last `end`. */
export type HelperTask =
  | { readonly kind: 'answer' | 'forwards'; readonly weights: Weights; readonly pictures: readonly Features[] }
  | { readonly kind: 'backwards'; readonly byAnswers: readonly Answers[] }
  | { readonly kind: 'end' }

export type HelperAnswer =
  | { readonly kind: 'answered'; readonly answers: readonly Answers[] }
  | { readonly kind: 'derived'; readonly byWeights: Weights }
  | Failure
