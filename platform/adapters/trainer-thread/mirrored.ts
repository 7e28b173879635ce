import type { Pixels } from '../../events/image.ts'
import type { Truth } from '../../training/detection/answers.ts'
import { planesOf } from '../pictures/codec.ts'

/** The picture with left and right changed: a street that might be, and that nobody has to label. */
export function mirrored(pixels: Pixels): Pixels {
  const { width, height, data } = pixels
  const turned: Pixels = { width, height, data: new SharedArrayBuffer(data.byteLength) }
  const [from, to] = [planesOf(pixels), planesOf(turned)]
  for (const [at, plane] of from.data.entries()) {
    const stride = from.strides[at]!
    for (let start = 0; start < plane.length; start += stride)
      to.data[at]!.set(plane.subarray(start, start + stride).toReversed(), start)
  }
  return turned
}

/** What is in it then, where the picture lies between these columns of the input. */
export function mirroredTruths(truths: readonly Truth[], left: number, width: number): Truth[] {
  return truths.map(({ classIndex, box: [x, ...rest] }) => ({ classIndex, box: [2 * left + width - x, ...rest] }))
}
