import type { Builder } from './builder.ts'
import type { Shape, Window } from './shapes.ts'

export interface Convolution {
  readonly input: string
  readonly weight: string
  readonly gradient: string
  readonly window: Window
  readonly from: Shape
  readonly to: Shape
}

type Pair = readonly [down: number, across: number]

/** For each place in the kernel the part of the input that it meets: [N, channels, height, width] of the output. */
export function tapsOf(convolution: Convolution, builder: Builder): string[] {
  const { kernel, strides } = convolution.window
  const places = Array.from({ length: kernel[0] * kernel[1] }, (_, at): Pair => {
    return [Math.floor(at / kernel[1]), at % kernel[1]]
  })
  if (strides[0] === strides[1] && strides[0] > 1) return apart(convolution, places, builder)
  const around = pad(convolution, [convolution.window.pads[2], convolution.window.pads[3]], builder)
  if (places.length === 1 && strides[0] * strides[1] === 1) return [around]
  return places.map((place) => leaving(around, place, convolution, builder))
}

/** Zeros around the input, so many below and beside it. */
function pad({ input, window: { pads } }: Convolution, [below, beside]: Pair, builder: Builder): string {
  const by = [0, 0, pads[0], pads[1], 0, 0, below, beside]
  return by.every((each) => each === 0) ? input : builder.add('Pad', [input, builder.ints(...by)])
}

/** From one place on, what lies as far apart as the window moves. */
function leaving(around: string, [y, x]: Pair, { window: { strides }, to }: Convolution, builder: Builder): string {
  const ends = [y + (to[1] - 1) * strides[0] + 1, x + (to[2] - 1) * strides[1] + 1]
  const bounds = [builder.ints(y, x), builder.ints(...ends), builder.ints(2, 3), builder.ints(...strides)]
  return builder.add('Slice', [around, ...bounds])
}

/**
 * A place of the kernel meets only places that lie as far apart as the window moves. These are put together once, as channels, so that
 * what it meets is whole lines: three times as fast as to leave places out for each place of the kernel.
 */
function apart(convolution: Convolution, places: readonly Pair[], builder: Builder): string[] {
  const { window, from, to } = convolution
  const { kernel, strides, pads } = window
  const [step] = strides
  const [lines, columns] = [to[1] + Math.floor((kernel[0] - 1) / step), to[2] + Math.floor((kernel[1] - 1) / step)]
  const around = pad(convolution, [step * lines - from[1] - pads[0], step * columns - from[2] - pads[1]], builder)
  const whole = builder.add('SpaceToDepth', [around], { blocksize: step })
  return places.map(([y, x]) => {
    const channel = ((y % step) * step + (x % step)) * from[0]
    const [line, column] = [Math.floor(y / step), Math.floor(x / step)]
    const ends = [channel + from[0], line + to[1], column + to[2]]
    return builder.add('Slice', [
      whole,
      builder.ints(channel, line, column),
      builder.ints(...ends),
      builder.ints(1, 2, 3),
    ])
  })
}
