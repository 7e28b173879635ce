import type { SentinelError } from '../errors.ts'
import { failing, say } from '../said.ts'
import type { Network, Node } from './network/onnx.ts'

/** A 1×1 convolution, or some of its channels. */
export interface Layer {
  /** Names in the file: of what goes in and out, and of its weights [channels, ins, 1, 1] and its bias [channels]. */
  readonly input: string
  readonly output: string
  readonly weight: string
  readonly bias: string
  /** Channels of the output that are its: so many, from this one on. */
  readonly outs: number
  readonly first: number
}

export type Producers = ReadonlyMap<string, Node>

/** Which node makes which value. */
export function producersOf({ nodes }: Network): Producers {
  return new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)))
}

/** All channels of a convolution. @throws SentinelError `MODEL_INVALID` where it is none that can be taught. */
export function layerOf({ input, output }: Node, { constants }: Network): Layer {
  const [from, weight, bias] = input
  const of = constants.get(weight ?? '')
  const [outs, , height, width] = of?.dims ?? []
  if (!outs || height !== 1 || width !== 1 || !bias || !constants.has(bias)) {
    throw unlike('its last layers are no 1×1 convolutions with weights of their own')
  }
  if (!(of!.values instanceof Float32Array)) throw unlike('its weights are no 32-bit floats')
  return { input: from!, output: output[0]!, weight: weight!, bias, outs, first: 0 }
}

export function unlike(reason: string): SentinelError {
  return failing('MODEL_INVALID', say('training.unlike', { detail: reason }))
}
