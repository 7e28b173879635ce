import { SentinelError } from '../errors.ts'
import type { Decoder, Preparation } from './decoders/decoder.ts'
import { endToEnd } from './decoders/end-to-end.ts'
import { yolov5, yolov6 } from './decoders/rows.ts'
import { yolov8 } from './decoders/yolov8.ts'
import { yolox } from './decoders/yolox.ts'
import type { Size } from './letterbox.ts'
import { checkNames, namesFromMetadata } from './names.ts'
import type { Dimension, OnnxFile } from './onnx.ts'
import type { SideFile } from './side-file.ts'

/** In the order in which they are tried: YOLOX comes before YOLOv6, which has its shape. */
const DECODERS: readonly Decoder[] = [endToEnd, yolov8, yolox, yolov5, yolov6]

const FLOAT32 = 1
/** Long side of a rectangular input where the model takes any size and nobody says another. */
const DEFAULT_LONG_SIDE = 640

/** Something that was decided about a model, and why. */
export interface Reason {
  readonly what: string
  readonly value: string
  readonly why: string
}

export interface ModelDescription {
  readonly decoder: Decoder
  readonly preparation: Preparation
  readonly classes: readonly string[]
  readonly inputName: string
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
 * Decides what a model is from what a person says, and where that is silent from its file.
 *
 * @throws SentinelError `MODEL_INVALID` that says what does not fit and what would.
 */
export function describeModel(file: string, onnx: OnnxFile, { names, side = {} }: Told = {}): ModelDescription {
  const input = imageInput(file, onnx)
  const output = onnx.outputs[0]!
  const { decoder, count, why } = familyOf(file, output.dimensions, input.fixed, side.family)
  const { colours, scale, placement, padding } = side
  const given = Object.fromEntries(
    Object.entries({ colours, scale, placement, padding }).filter(([, value]) => value !== undefined),
  )
  const said = names ?? side.names
  const described = {
    decoder,
    preparation: { ...decoder.preparation, ...given },
    classes: checkNames(said ?? namesFromMetadata(onnx.metadata), count, file),
    inputName: input.name,
    outputName: output.name,
    fixedInput: input.fixed,
    longSide: input.fixed ? Math.max(input.fixed.width, input.fixed.height) : (side.longSide ?? DEFAULT_LONG_SIDE),
    // A model that decodes and suppresses inside does so for the size that it declares.
    isRectangular: side.rectangular ?? !decoder.isSuppressed,
  }
  const family = { what: 'family', value: decoder.family, why }
  return { ...described, reasons: [family, ...reasons(described, given, said !== undefined)] }
}

function reasons(
  { decoder, preparation, classes, fixedInput, longSide }: Omit<ModelDescription, 'reasons'>,
  given: Readonly<Record<string, unknown>>,
  namesAreSaid: boolean,
): Reason[] {
  const size = fixedInput ? `${fixedInput.width}×${fixedInput.height}` : `any, long side ${longSide}`
  const { stride, ...rest } = preparation
  return [
    { what: 'input', value: size, why: 'from the shape of its input' },
    ...Object.entries(rest).map(([what, value]) => ({
      what,
      value: String(value),
      why: what in given ? 'said by the side file' : `as ${decoder.family} is trained`,
    })),
    { what: 'classes', value: String(classes.length), why: namesAreSaid ? 'said by a file' : 'from its metadata' },
  ]
}

function familyOf(
  file: string,
  output: readonly Dimension[],
  input: { width: number; height: number } | undefined,
  said: string | undefined,
) {
  const known = DECODERS.map(({ family }) => family).join(', ')
  const candidates = said === undefined ? DECODERS : DECODERS.filter(({ family }) => family === said)
  if (candidates.length === 0) throw invalid(file, `${said} is none of the families that Sentinel reads (${known})`)
  for (const decoder of candidates) {
    const count = decoder.classesIn(output, input)
    if (count === undefined) continue
    return { decoder, count, why: said ? 'said by the side file' : `its output has the shape ${shape(output)}` }
  }
  const which = said
    ? `not to ${said}, as the side file says`
    : `to none of the families that Sentinel reads (${known})`
  throw invalid(file, `its output has the shape ${shape(output)}, which belongs ${which}`)
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
