import type { Decoder, Shape } from './decoders/decoder.ts'
import { endToEnd, yolov7EndToEnd } from './decoders/end-to-end.ts'
import { nanodet } from './decoders/nanodet.ts'
import { yolov5, yolov6, yoloxDecoded } from './decoders/rows.ts'
import { yolov8 } from './decoders/yolov8.ts'
import { yolox } from './decoders/yolox.ts'
import { invalid, shapeText } from './input.ts'
import type { Dimension, OnnxFile } from './onnx.ts'
import type { Source } from './preparation.ts'
import type { Probe } from './probe.ts'

/** In the order in which they are tried. */
const DECODERS: readonly Decoder[] = [endToEnd, yolov7EndToEnd, yolov8, yolox, yoloxDecoded, yolov5, nanodet, yolov6]
const KNOWN = DECODERS.map(({ family }) => family).join(', ')

export interface Family {
  readonly decoder: Decoder
  readonly outputName: string
  readonly count: number | 'any'
  readonly why: string
}

/** What a model gives out: the shapes of its file, and what it answered when it was run. */
interface Answers {
  readonly onnx: OnnxFile
  readonly input: Shape['input']
  readonly probe: Probe | undefined
}

/**
 * The family that one of the model's outputs belongs to.
 *
 * @throws SentinelError `MODEL_INVALID` that says what its outputs look like.
 */
export function familyOf(file: string, answers: Answers, sources: readonly Source[]): Family {
  refuseOtherTasks(file, answers.onnx)
  const source = sources.find(({ says }) => says.family !== undefined)
  const shapes = shapesOf(answers)
  for (const decoder of decodersOf(file, source)) {
    for (const [at, shape] of shapes.entries()) {
      const count = decoder.classesIn(shape)
      const evidence = source || !decoder.evidence ? '' : decoder.evidence(shape)
      if (count === undefined || evidence === undefined) continue
      const why = source?.why ?? `its output has the shape ${shapeText(shape.output.dimensions)}${evidence}`
      return { decoder, outputName: answers.onnx.outputs[at]!.name, count, why }
    }
  }
  throw unknownFamily(
    file,
    shapes.map(({ output }) => output.dimensions),
    source,
  )
}

function shapesOf({ onnx, input, probe }: Answers): Shape[] {
  return onnx.outputs.map(({ dimensions }, at) => ({
    output: probe?.outputs[at] ?? { dimensions },
    input: probe ?? input,
  }))
}

function decodersOf(file: string, source: Source | undefined): readonly Decoder[] {
  if (!source) return DECODERS
  const said = DECODERS.filter(({ family }) => family === source.says.family)
  if (said.length > 0) return said
  throw invalid(file, `${source.says.family} is none of the families that Sentinel reads (${KNOWN})`)
}

/** Ultralytics writes into a model what it is for. */
function refuseOtherTasks(file: string, { metadata: { task } }: OnnxFile): void {
  if (task === undefined || task === 'detect') return
  throw invalid(file, `its metadata say that its task is ${task}. Export a model whose task is detect`)
}

function unknownFamily(file: string, outputs: readonly (readonly Dimension[])[], source: Source | undefined) {
  const shapes = outputs.map(shapeText).join(', ')
  if (source) {
    return invalid(
      file,
      `its output has the shape ${shapes}, which is not that of ${source.says.family} (${source.why})`,
    )
  }
  return invalid(
    file,
    `its output has the shape ${shapes}, which belongs to none of the families that Sentinel reads (${KNOWN}). ${hintAt(outputs)}`,
  )
}

function hintAt(outputs: readonly (readonly Dimension[])[]): string {
  const ranks = outputs.map(({ length }) => length)
  if (ranks.every((rank) => rank <= 2)) return 'It looks like a classifier: export a detector'
  if (ranks.every((rank) => rank >= 4))
    return 'Its boxes are not decoded: export it with its decoding inside (such as --grid)'
  return 'If it is one of them, a side file can say which: {"family": "…"}'
}
