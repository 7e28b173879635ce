import type { ErrorCode } from '../../errors.ts'
import type { TrainingProgress } from '../../events/training.ts'
import type { Trained } from '../../ports/trainer.ts'

export type TrainerMessage =
  | { readonly kind: 'progressed'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | { readonly kind: 'failed'; readonly code: ErrorCode | undefined; readonly message: string }
