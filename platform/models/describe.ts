import { SentinelError } from '../errors.ts'
import type { Decoder } from './decoders/decoder.ts'
import { yolox } from './decoders/yolox.ts'
import { checkNames, namesFromMetadata } from './names.ts'
import type { Dimension, OnnxFile } from './onnx.ts'

/** In the order in which they are tried. */
const DECODERS: readonly Decoder[] = [yolox]

const FLOAT32 = 1
/** Long side of a rectangular input where the model takes any size and says nothing else. */
const DEFAULT_LONG_SIDE = 640

export interface ModelDescription {
  readonly decoder: Decoder
  readonly classes: readonly string[]
  readonly inputName: string
  readonly outputName: string
  /** Undefined where the model takes any size: then the input is a rectangle of the picture's shape. */
  readonly fixedInput: { readonly width: number; readonly height: number } | undefined
  readonly longSide: number
}

/**
 * Decides what a model is from its file alone.
 *
 * @param names from a file of the user; without it the model's own metadata says.
 * @throws SentinelError `MODEL_INVALID` that says what does not fit and what would.
 */
export function describeModel(file: string, onnx: OnnxFile, names?: readonly string[]): ModelDescription {
  const input = imageInput(file, onnx)
  const output = onnx.outputs[0]!
  for (const decoder of DECODERS) {
    const count = decoder.classesIn(output.dimensions, input.fixed)
    if (count === undefined) continue
    return {
      decoder,
      classes: checkNames(names ?? namesFromMetadata(onnx.metadata), count, file),
      inputName: input.name,
      outputName: output.name,
      fixedInput: input.fixed,
      longSide: input.fixed ? Math.max(input.fixed.width, input.fixed.height) : DEFAULT_LONG_SIDE,
    }
  }
  const families = DECODERS.map(({ family }) => family).join(', ')
  throw invalid(
    file,
    `its output ${output.name} has the shape ${shape(output.dimensions)}, which belongs to none of the families that Sentinel reads (${families})`,
  )
}

function imageInput(file: string, { inputs }: OnnxFile) {
  const [input] = inputs
  if (inputs.length !== 1) throw invalid(file, `it has ${inputs.length} inputs, and a detector has one, the picture`)
  const { name, type, dimensions } = input!
  const [batch, channels, height, width] = dimensions
  const expected = 'a picture goes in as [1, 3, height, width] of 32-bit floats'
  if (dimensions.length !== 4 || channels !== 3 || (typeof batch === 'number' && batch !== 1)) {
    throw invalid(file, `its input ${name} has the shape ${shape(dimensions)}; ${expected}`)
  }
  if (type !== FLOAT32) throw invalid(file, `its input ${name} is not of 32-bit floats; ${expected}`)
  const isFixed = typeof height === 'number' && typeof width === 'number'
  return { name, fixed: isFixed ? { width, height } : undefined }
}

const shape = (dimensions: readonly Dimension[]): string => `[${dimensions.join(', ')}]`

function invalid(file: string, reason: string): SentinelError {
  return new SentinelError('MODEL_INVALID', `${file} cannot be used as a detector: ${reason}.`)
}
