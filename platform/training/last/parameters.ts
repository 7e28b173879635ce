import type { Graph, Layer, Level } from './graph.ts'

/** Where a layer's numbers lie: weights [outs][ins], then biases [outs]. */
export interface Slot {
  readonly weight: number
  readonly bias: number
  readonly ins: number
  readonly outs: number
}

export interface LevelSlots {
  readonly boxes: Slot
  readonly objectness: Slot
  readonly classes: Slot
}

/** All weights that are taught, one after another. */
export interface Parameters {
  readonly values: Float64Array
  readonly levels: readonly LevelSlots[]
  /** Classes that are taught: what the model says of others stays as it is. */
  readonly classes: readonly number[]
}

const PARTS = ['boxes', 'objectness', 'classes'] as const

/** @param classes that are taught; all without it. */
export function parametersOf({ levels, weights }: Graph, classes?: readonly number[]): Parameters {
  let size = 0
  const slots = levels.map((level) => {
    const slot = ({ ins, outs }: Layer): Slot => {
      const weight = size
      size += ins * outs + outs
      return { weight, bias: weight + ins * outs, ins, outs }
    }
    return { boxes: slot(level.boxes), objectness: slot(level.objectness), classes: slot(level.classes) }
  })
  const values = new Float64Array(size)
  eachLayer(levels, slots, (layer, slot) => {
    values.set(weights.get(layer.weight)!, slot.weight)
    values.set(weights.get(layer.bias)!, slot.bias)
  })
  const all = Array.from({ length: levels[0]!.classes.outs }, (_, index) => index)
  return { values, levels: slots, classes: classes ?? all }
}

/** By the names that they have in the file. */
export function weightsOf({ levels }: Graph, { values, levels: slots }: Parameters): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>()
  eachLayer(levels, slots, (layer, { weight, bias, outs }) => {
    weights.set(layer.weight, Float32Array.from(values.subarray(weight, bias)))
    weights.set(layer.bias, Float32Array.from(values.subarray(bias, bias + outs)))
  })
  return weights
}

function eachLayer(
  levels: readonly Level[],
  slots: readonly LevelSlots[],
  visit: (layer: Layer, slot: Slot) => void,
): void {
  for (const [at, level] of levels.entries()) for (const part of PARTS) visit(level[part], slots[at]![part])
}
