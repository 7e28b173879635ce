import { AV_PIX_FMT_GBRP, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import * as ort from 'onnxruntime-node'
import type { Pixels } from '../../events/image.ts'
import type { Preparation } from '../../models/decoders/decoder.ts'
import { type Letterbox, letterbox, type Size } from '../../models/letterbox.ts'
import { type Planes, planesOf, Scaler } from '../pictures/codec.ts'

/** Pictures of one size made into a model's input: tensor and planes are used again for every picture. */
export class Canvas {
  readonly box: Letterbox
  readonly tensor: ort.Tensor
  readonly #values: Float32Array
  readonly #scaled: Planes
  readonly #scaler = new Scaler()
  readonly #preparation: Preparation

  constructor(picture: Size, input: Size, preparation: Preparation) {
    this.#preparation = preparation
    this.box = letterbox(picture, input, preparation.placement)
    this.#values = new Float32Array(3 * input.width * input.height).fill(preparation.padding * preparation.scale)
    this.tensor = new ort.Tensor('float32', this.#values, [1, 3, input.height, input.width])
    const { width, height } = this.box
    const plane = (): Buffer => Buffer.alloc(width * height)
    this.#scaled = { data: [plane(), plane(), plane()], strides: [width, width, width] }
  }

  /** Fills the tensor with the picture. */
  draw(pixels: Pixels): void {
    const { width, height, inputWidth, inputHeight } = this.box
    this.#scaler.run(
      { ...planesOf(pixels), width: pixels.width, height: pixels.height, format: AV_PIX_FMT_YUV420P },
      { ...this.#scaled, width, height, format: AV_PIX_FMT_GBRP },
    )
    const [green, blue, red] = this.#scaled.data
    const planes = this.#preparation.colours === 'bgr' ? [blue!, green!, red!] : [red!, green!, blue!]
    const area = inputWidth * inputHeight
    for (const [channel, plane] of planes.entries()) this.#fill(channel * area, plane)
  }

  /** Copies a scaled plane into its place in the tensor, as floats. */
  #fill(at: number, plane: Buffer): void {
    const { width, height, inputWidth, x, y } = this.box
    const { scale } = this.#preparation
    if (width === inputWidth && scale === 1) {
      this.#values.set(plane, at + y * inputWidth)
      return
    }
    for (let row = 0; row < height; row++) {
      const to = at + (y + row) * inputWidth + x
      const from = row * width
      if (scale === 1) this.#values.set(plane.subarray(from, from + width), to)
      else for (let column = 0; column < width; column++) this.#values[to + column] = plane[from + column]! * scale
    }
  }

  close(): void {
    this.#scaler.close()
  }
}
