import type { RawOutput } from './decoders/decoder.ts'
import { isGrid } from './decoders/grid.ts'
import { imageInput } from './input.ts'
import type { OnnxFile } from './onnx.ts'

/** What a model answers to a picture of nothing: it tells what the shapes in its file leave open. */
export interface Probe {
  /** Of the picture, pixels. */
  readonly width: number
  readonly height: number
  readonly outputs: readonly ProbedOutput[]
}

export interface ProbedOutput {
  readonly dimensions: readonly number[]
  /** Of its rows: the largest first number, which is in pixels where boxes are decoded inside, and in cells where not. */
  readonly reach: number
  /** And the least fifth number: always 1 where there is no objectness. */
  readonly objectness: number
}

/** Sides of the picture where any size goes in: a multiple of every stride. */
const SIDE = 256

/** The size at which a model must be run once before it can be described; undefined where its shapes say everything. */
export function probeSize(file: string, onnx: OnnxFile): { width: number; height: number } | undefined {
  const { fixed = { width: SIDE, height: SIDE } } = imageInput(file, onnx)
  const isOpen = onnx.outputs.some(({ dimensions }) =>
    // One row a cell is what many families have.
    dimensions.some((size, at) => typeof size !== 'number' || (at === 1 && isGrid(size, fixed))),
  )
  return isOpen ? fixed : undefined
}

export function probed({ data, dimensions }: RawOutput): ProbedOutput {
  const columns = dimensions.at(-1) ?? 0
  let reach = 0
  let objectness = Number.POSITIVE_INFINITY
  for (let at = 0; at + 4 < data.length && columns > 4; at += columns) {
    reach = Math.max(reach, Math.abs(data[at]!))
    objectness = Math.min(objectness, data[at + 4]!)
  }
  return { dimensions: [...dimensions], reach, objectness }
}
