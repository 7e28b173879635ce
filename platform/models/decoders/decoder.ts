import type { Placement } from '../letterbox.ts'
import type { Candidate } from '../nms.ts'
import type { Dimension } from '../onnx.ts'

/** How a family's pictures go in. */
export interface Preparation {
  readonly colours: 'bgr' | 'rgb'
  /** Pixel values 0–255 are multiplied by this. */
  readonly scale: number
  readonly placement: Placement
  /** What fills the rest, 0–255. */
  readonly padding: number
  /** Both sides of the input are multiples of it. */
  readonly stride: number
}

export interface RawOutput {
  readonly data: Float32Array
  readonly dimensions: readonly number[]
}

/** One family of detectors: how pictures go in, and what its numbers mean. */
export interface Decoder {
  readonly family: string
  readonly preparation: Preparation
  /** The model suppresses by itself: its boxes are final and come best first. */
  readonly isSuppressed?: true
  /** Whether an output of this shape is this family's, and of how many classes, as far as the shape tells. */
  classesIn(
    output: readonly Dimension[],
    input: { width: number; height: number } | undefined,
  ): number | 'any' | undefined
  /** Boxes of at least this score, in input pixels, before non-maximum suppression. */
  decode(output: RawOutput, input: { width: number; height: number }, scoreThreshold: number): Candidate[]
}
