import type { SentinelError } from '../errors.ts'
import { failing, say } from '../said.ts'
import type { Dimension, OnnxFile } from './onnx.ts'

/** ONNX `TensorProto.DataType` of the numbers that a picture may go in as. */
const NUMBERS = { 1: 'float32', 10: 'float16', 2: 'uint8' } as const
export type Numbers = (typeof NUMBERS)[keyof typeof NUMBERS]

export interface ImageInput {
  readonly name: string
  readonly numbers: Numbers
  /** Undefined where the model takes any size. */
  readonly fixed: { readonly width: number; readonly height: number } | undefined
}

const EXPECTED = 'a picture goes in as [1, 3, height, width] of 32-bit or 16-bit floats or of bytes'

/** @throws SentinelError `MODEL_INVALID` where the model takes something else than one picture. */
export function imageInput(file: string, { inputs }: OnnxFile): ImageInput {
  const [input] = inputs
  if (inputs.length !== 1) throw invalid(file, `it has ${inputs.length} inputs, and a detector has one, the picture`)
  const { name, type, dimensions } = input!
  const [batch, channels, height, width] = dimensions
  const isOther = typeof channels === 'number' && channels !== 3
  if (dimensions.length !== 4 || isOther || (typeof batch === 'number' && batch !== 1)) {
    throw invalid(file, `its input ${name} has the shape ${shapeText(dimensions)}; ${EXPECTED}`)
  }
  const numbers = NUMBERS[type as keyof typeof NUMBERS]
  if (!numbers) throw invalid(file, `the numbers of its input ${name} are of another kind; ${EXPECTED}`)
  const isFixed = typeof height === 'number' && typeof width === 'number'
  return { name, numbers, fixed: isFixed ? { width, height } : undefined }
}

export function shapeText(dimensions: readonly Dimension[]): string {
  return `[${dimensions.join(', ')}]`
}

export function invalid(file: string, reason: string): SentinelError {
  return failing('MODEL_INVALID', say('model.unfit', { file, detail: reason }))
}
