import type { SentinelError } from '../../errors.ts'
import { failing, say } from '../../said.ts'
import { intOf, intsOf, type Node, textOf } from './onnx.ts'

/** Channels, height and width; how many pictures there are is left open. */
export type Shape = readonly [channels: number, height: number, width: number]
export type Shapes = ReadonlyMap<string, Shape>

export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number]
}

/** How a convolution goes over its picture. @throws SentinelError `MODEL_INVALID` where it leaves that open or leaves gaps. */
export function windowOf(node: Node, kernel: readonly [number, number]): Window {
  const isOpen = !['', 'NOTSET'].includes(textOf(node, 'auto_pad', ''))
  if (isOpen || intsOf(node, 'dilations', [1, 1]).some((each) => each !== 1)) {
    throw cannotLearn('a convolution has automatic padding or gaps')
  }
  const strides = intsOf(node, 'strides', [1, 1]) as Window['strides']
  return { kernel, strides, pads: intsOf(node, 'pads', [0, 0, 0, 0]) as Window['pads'] }
}

/** The size of what a convolution makes. */
export function convolved([height, width]: readonly [number, number], { kernel, strides, pads }: Window) {
  const along = (size: number, at: 0 | 1): number =>
    Math.floor((size + pads[at]! + pads[at + 2]! - kernel[at]!) / strides[at]!) + 1
  return [along(height, 0), along(width, 1)] as const
}

/** The shape of what a node makes, from those of what goes in. */
export function shapeOf(node: Node, shapes: Shapes, dimsOf: (constant: string) => readonly number[]): Shape {
  const [first, second] = node.input
  const [channels, height, width] = shapes.get(first!)!
  switch (node.opType) {
    case 'Conv': {
      const [outs, , down, across] = dimsOf(second!)
      return [outs!, ...convolved([height, width], windowOf(node, [down!, across!]))]
    }
    case 'Concat':
      if (intOf(node, 'axis', 1) !== 1) throw cannotLearn('it puts pictures together side by side')
      return [node.input.reduce((sum, name) => sum + shapes.get(name)![0], 0), height, width]
    case 'Resize':
      return [channels, 2 * height, 2 * width]
    default:
      return [channels, height, width]
  }
}

export function cannotLearn(reason: string): SentinelError {
  return failing('MODEL_INVALID', say('training.notSoDeeply', { detail: reason }))
}
