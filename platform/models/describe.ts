import type { Decoder, Preparation } from './decoders/decoder.ts'
import { familyOf } from './family.ts'
import { type ImageInput, imageInput, type Numbers } from './input.ts'
import type { Size } from './letterbox.ts'
import { checkNames, namesFromMetadata } from './names.ts'
import type { OnnxFile } from './onnx.ts'
import { preparationOf, type Reason, type Source, sourceOf } from './preparation.ts'
import type { Probe } from './probe.ts'
import type { SideFile } from './side-file.ts'

/** Long side of a rectangular input where the model takes any size and nobody says another. */
const DEFAULT_LONG_SIDE = 640

export interface ModelDescription {
  readonly decoder: Decoder
  readonly preparation: Preparation
  readonly classes: readonly string[]
  readonly inputName: string
  /** In which the picture goes in. */
  readonly numbers: Numbers
  readonly outputName: string
  /** Undefined where the model takes any size: then the input is a rectangle of the picture's shape. */
  readonly fixedInput: Size | undefined
  readonly longSide: number
  /** Whether a model of a fixed size may run at the smaller one that just holds the picture. */
  readonly isRectangular: boolean
  readonly reasons: readonly Reason[]
}

/** What a person says of a model; `names` from a file of class names goes before those of the side file. */
export interface Told {
  readonly names?: readonly string[] | undefined
  readonly side?: SideFile | undefined
}

/**
 * Decides what a model is from what a person says, and where that is silent from its file, and where that too leaves something
 * open from what it answered when it was run.
 *
 * @throws SentinelError `MODEL_INVALID` that says what does not fit and what would.
 */
export function describeModel(
  file: string,
  onnx: OnnxFile,
  { names, side = {} }: Told = {},
  probe?: Probe,
): ModelDescription {
  const input = imageInput(file, onnx)
  const sources = [{ says: side, why: 'said by the side file' }, sourceOf(onnx.metadata, file)]
  const { decoder, count, outputName, why } = familyOf(file, { onnx, input: input.fixed, probe }, sources)
  const prepared = preparationOf(decoder, input.numbers, sources)
  const size = sizeOf(input, sources)
  const labels = namesOf(onnx, names, sources)
  return {
    decoder,
    outputName,
    preparation: prepared.preparation,
    classes: checkNames(labels?.names, count, file),
    inputName: input.name,
    numbers: input.numbers,
    fixedInput: input.fixed,
    longSide: size.longSide,
    // A model that decodes and suppresses inside does so for the size that it declares.
    isRectangular: side.rectangular ?? !decoder.isSuppressed,
    reasons: [
      { what: 'family', value: decoder.family, why },
      size.reason,
      { what: 'numbers', value: input.numbers, why: 'from the type of its input' },
      ...weights(onnx),
      ...prepared.reasons,
      { what: 'classes', value: String(labels?.names.length), why: labels?.why ?? '' },
    ],
  }
}

function sizeOf({ fixed }: ImageInput, sources: readonly Source[]): { longSide: number; reason: Reason } {
  if (fixed) {
    const value = `${fixed.width}×${fixed.height}`
    const reason = { what: 'input', value, why: 'from the shape of its input' }
    return { longSide: Math.max(fixed.width, fixed.height), reason }
  }
  const source = sources.find(({ says }) => says.longSide !== undefined)
  const longSide = source?.says.longSide ?? DEFAULT_LONG_SIDE
  const why = `it takes any size; its long side is ${source?.why ?? 'what most are trained at'}`
  return { longSide, reason: { what: 'input', value: `any, long side ${longSide}`, why } }
}

/** Weights of 8 bits are between operators that quantise and back (QDQ). */
function weights({ operators }: OnnxFile): Reason[] {
  if (!operators.has('DequantizeLinear')) return []
  return [{ what: 'weights', value: 'int8', why: 'its graph has DequantizeLinear operators' }]
}

function namesOf(onnx: OnnxFile, file: readonly string[] | undefined, sources: readonly Source[]) {
  if (file) return { names: file, why: 'said by the file of names' }
  const source = sources.find(({ says }) => says.names !== undefined)
  if (source) return { names: source.says.names!, why: source.why }
  const names = namesFromMetadata(onnx.metadata)
  return names && { names, why: 'from its metadata' }
}
