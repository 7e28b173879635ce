import type { Manifest } from '../datasets/manifest.ts'
import type { Recipe, TrainingMetrics, TrainingProgress } from '../events/training.ts'
import type { SideFile } from '../models/side-file.ts'

export interface TrainingJob {
  /** The model that learns: its ONNX file, and what was said of it. */
  readonly model: Uint8Array
  readonly side: SideFile
  readonly recipe: Recipe
  readonly dataset: Manifest
  /** JPEG by digest, of every entry. */
  readonly images: ReadonlyMap<string, Uint8Array>
  /** What the pictures' features may take in memory, bytes. */
  readonly memoryBytes: number
}

export interface Trained {
  /** The new ONNX file: the same job makes the same bytes. */
  readonly model: Uint8Array
  /** What is to be said of it. */
  readonly side: SideFile
  readonly metrics: TrainingMetrics
}

export interface TrainOptions {
  /** Ends the training when it aborts. */
  readonly signal: AbortSignal
  readonly onProgress: (progress: TrainingProgress) => void
}

/** Teaches models. */
export interface Trainer {
  /** How the machine is called in a model's lineage. */
  readonly machine: string
  /**
   * @throws SentinelError `MODEL_INVALID` for a model that it cannot teach, `DATASET_INVALID` where there is nothing to learn,
   * and the signal's reason when it aborts.
   */
  train(job: TrainingJob, options: TrainOptions): Promise<Trained>
}
