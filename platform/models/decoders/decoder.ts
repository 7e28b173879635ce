import type { Placement } from '../letterbox.ts'
import type { Candidate } from '../nms.ts'
import type { Dimension } from '../onnx.ts'
import type { ProbedOutput } from '../probe.ts'

/** How a family's pictures go in. */
export interface Preparation {
  readonly colours: 'bgr' | 'rgb'
  /** Pixel values 0–255 are multiplied by this. */
  readonly scale: number
  /** Then this is taken away from each channel, in the order of `colours`, */
  readonly mean?: readonly [number, number, number]
  /** and what is left is divided by this. */
  readonly deviation?: readonly [number, number, number]
  readonly placement: Placement
  /** What fills the rest, 0–255. */
  readonly padding: number
  /** Whether dark pictures are lifted first; they are not without it. */
  readonly tone?: 'adaptive' | 'none'
  /** Both sides of the input are multiples of it. */
  readonly stride: number
}

/** As the YOLOv5 code base and all that came out of it prepare pictures. */
export const ULTRALYTICS: Preparation = {
  colours: 'rgb',
  scale: 1 / 255,
  placement: 'centred',
  padding: 114,
  stride: 32,
}

export interface RawOutput {
  readonly data: Float32Array
  readonly dimensions: readonly number[]
}

/** One of a model's outputs, with what was seen of it if it ran already, and the size of the input if it is known. */
export interface Shape {
  readonly output: Partial<Omit<ProbedOutput, 'dimensions'>> & { readonly dimensions: readonly Dimension[] }
  readonly input: { readonly width: number; readonly height: number } | undefined
}

/** One family of detectors: how pictures go in, and what its numbers mean. */
export interface Decoder {
  readonly family: string
  readonly preparation: Preparation
  /** The model suppresses by itself: its boxes are final and come best first. */
  readonly isSuppressed?: true
  /** Whether an output of this shape is this family's, and of how many classes, as far as the shape tells. */
  classesIn(shape: Shape): number | 'any' | undefined
  /** Where families share a shape: what the numbers say for this one, and undefined where they speak against it. */
  evidence?(shape: Shape): string | undefined
  /** Boxes of at least this score, in input pixels, before non-maximum suppression. */
  decode(output: RawOutput, input: { width: number; height: number }, scoreThreshold: number): Candidate[]
}
