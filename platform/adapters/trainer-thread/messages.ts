import type { ErrorCode, Told } from '../../errors.ts'
import type { TrainingProgress } from '../../events/training.ts'
import type { Trained, TrainingJob } from '../../ports/trainer.ts'

export interface TrainerSetup {
  readonly job: TrainingJob
  /** One 32-bit number, 1 once the training is to end. */
  readonly stop: SharedArrayBuffer
}

export type TrainerMessage =
  | { readonly kind: 'progressed'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | {
      readonly kind: 'failed'
      readonly code: ErrorCode | undefined
      readonly message: string
      readonly told: Told | undefined
    }
