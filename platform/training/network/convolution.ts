import type { Builder } from './builder.ts'
import type { Backward, Gradients } from './gradients.ts'
import { intOf, type Node } from './onnx.ts'
import { cannotLearn, convolved, type Shape, type Window, windowOf } from './shapes.ts'
import { type Convolution, tapsOf } from './taps.ts'

/** Kernels with more places than this are gone over otherwise; for fewer this is a third faster (3×3, one thread). */
const MOST_PLACES = 49

/** Derivatives of a convolution, ordinary or of each channel by itself (depthwise). */
export function convolutionGradients(node: Node, gradient: string, backward: Backward): Gradients {
  const [input, weight, bias] = node.input
  const from = backward.shapes.get(input!)!
  const [outs, ins, height, width] = backward.constants.get(weight!)!.dims
  const window = windowOf(node, [height!, width!])
  const group = intOf(node, 'group', 1)
  if (group !== 1 && (ins !== 1 || group !== outs)) throw cannotLearn('a convolution is in groups')
  const to: Shape = [outs!, ...convolved([from[1], from[2]], window)]
  const convolution: Convolution = { input: input!, weight: weight!, gradient, window, from, to }
  const found: [string, string][] = []
  if (backward.wants(input!)) found.push([input!, byInput(convolution, group, backward)])
  if (backward.wants(weight!)) {
    const bySize = height! * width! > MOST_PLACES ? byLargeWeight : byWeight
    const gradientOfWeight = group === 1 ? bySize : byDepthwiseWeight
    found.push([weight!, gradientOfWeight(convolution, backward)])
  }
  if (bias && backward.wants(bias)) found.push([bias, sum(gradient, [0, 2, 3], backward)])
  return found
}

const sum = (name: string, axes: readonly number[], { builder }: Backward): string =>
  builder.add('ReduceSum', [name, builder.ints(...axes)], { keepdims: 0 })

/** A convolution that goes back. */
function byInput(convolution: Convolution, group: number, { builder }: Backward): string {
  const { gradient, weight, window } = convolution
  const { kernel, strides, pads } = window
  const [down, across] = [kernel[0] - 1, kernel[1] - 1]
  const around = [down - pads[0], across - pads[1], down - pads[2], across - pads[3]]
  const isPlain = strides[0] * strides[1] === 1 && around.every((each) => each >= 0)
  if (!isPlain) return transposed(convolution, group, builder)
  // The same by the kernel turned round: there are no gaps between the cells to fill, and 1×1 is three times as fast so.
  const swapped = group === 1 ? builder.add('Transpose', [weight], { perm: [1, 0, 2, 3] }) : weight
  const turned = down + across > 0 ? turnedRound(swapped, kernel, builder) : swapped
  return builder.add('Conv', [gradient, turned], { pads: around, group })
}

function turnedRound(name: string, [height, width]: Window['kernel'], builder: Builder): string {
  const ends = builder.ints(-height - 1, -width - 1)
  return builder.add('Slice', [name, builder.ints(-1, -1), ends, builder.ints(2, 3), builder.ints(-1, -1)])
}

/** What the window never reached at the lower and right edge is 0. */
function transposed({ gradient, weight, window, from, to }: Convolution, group: number, builder: Builder): string {
  const { kernel, strides, pads } = window
  const left = ([0, 1] as const).map(
    (at) => from[at + 1]! - ((to[at + 1]! - 1) * strides[at]! - pads[at]! - pads[at + 2]! + kernel[at]!),
  )
  const attributes = { strides: [...strides], pads: [...pads], output_padding: left, group }
  return builder.add('ConvTranspose', [gradient, weight], attributes)
}

/** For each place in the kernel one product of matrices: [N, outs, cells] · [N, cells, ins], summed over the pictures. */
function byWeight(convolution: Convolution, backward: Backward): string {
  const { window, gradient, from, to } = convolution
  const { builder } = backward
  const errors = builder.add('Reshape', [gradient, builder.ints(0, to[0], -1)])
  const products = tapsOf(convolution, builder).map((seen) => {
    const flat = builder.add('Reshape', [seen, builder.ints(0, from[0], -1)])
    const turned = builder.add('Transpose', [flat], { perm: [0, 2, 1] })
    return sum(builder.add('MatMul', [errors, turned]), [0], backward)
  })
  return kernelOf(products, [to[0], from[0]], window, backward)
}

/**
 * For a large kernel it is a convolution too: pictures and channels change places, and the errors go over the input as a kernel whose cells lie as far apart
 * as the window moved.
 */
function byLargeWeight({ input, gradient, window, from, to }: Convolution, { builder }: Backward): string {
  const { kernel, strides, pads } = window
  const turned = { perm: [1, 0, 2, 3] }
  const inputs = [builder.add('Transpose', [input], turned), builder.add('Transpose', [gradient], turned)]
  const whole = builder.add('Conv', inputs, { pads: [...pads], dilations: [...strides] })
  const isLarger = ([0, 1] as const).some(
    (at) => from[at + 1]! + pads[at]! + pads[at + 2]! - (to[at + 1]! - 1) * strides[at]! > kernel[at]!,
  )
  const cut = [whole, builder.ints(0, 0), builder.ints(...kernel), builder.ints(2, 3)]
  return builder.add('Transpose', [isLarger ? builder.add('Slice', cut) : whole], turned)
}

/** [channels, 1, height, width]: each channel has to do with itself alone. */
function byDepthwiseWeight(convolution: Convolution, backward: Backward): string {
  const { gradient, window, to } = convolution
  const { builder } = backward
  const products = tapsOf(convolution, builder).map((seen) =>
    sum(builder.add('Mul', [gradient, seen]), [0, 2, 3], backward),
  )
  return kernelOf(products, [to[0], 1], window, backward)
}

/** What was found for each place put together: [outs, ins, height, width]. */
function kernelOf(
  products: readonly string[],
  [outs, ins]: readonly [number, number],
  window: Window,
  { builder }: Backward,
) {
  const rows = products.map((product) => builder.add('Reshape', [product, builder.ints(outs, ins, 1)]))
  const all = rows.length === 1 ? rows[0]! : builder.add('Concat', rows, { axis: 2 })
  return builder.add('Reshape', [all, builder.ints(outs, ins, ...window.kernel)])
}
