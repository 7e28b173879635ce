import { AV_PIX_FMT_GBRP, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import type * as ort from 'onnxruntime-node'
import type { Pixels } from '../../events/image.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { type Letterbox, letterbox, type Size } from '../../models/letterbox.ts'
import { gammaFor, toneTable } from '../../models/tone.ts'
import { type Planes, planesOf, Scaler } from '../pictures/codec.ts'
import { InputTensor, tablesOf } from './input-tensor.ts'

type Table = NonNullable<ReturnType<typeof tablesOf>[number]>

/** Pictures of one size made into a model's input: tensor and planes are used again for every picture. */
export class Canvas {
  readonly box: Letterbox
  readonly #input: InputTensor
  readonly #tables: ReturnType<typeof tablesOf>
  readonly #isBgr: boolean
  readonly #isAdaptive: boolean
  /** Tables that lift dark pictures, by gamma. */
  readonly #lifts = new Map<number, ReturnType<typeof tablesOf>>()
  readonly #scaled: Planes
  readonly #scaler = new Scaler()

  constructor(picture: Size, input: Size, { preparation, numbers }: Pick<ModelDescription, 'preparation' | 'numbers'>) {
    this.box = letterbox(picture, input, preparation.placement)
    this.#isBgr = preparation.colours === 'bgr'
    this.#isAdaptive = preparation.tone === 'adaptive'
    this.#input = new InputTensor(numbers, input)
    this.#tables = tablesOf(preparation, numbers)
    this.#pad(preparation.padding)
    const { width, height } = this.box
    const plane = (): Buffer => Buffer.alloc(width * height)
    this.#scaled = { data: [plane(), plane(), plane()], strides: [width, width, width] }
  }

  get tensor(): ort.Tensor {
    return this.#input.tensor
  }

  /** Fills the tensor with the picture. */
  draw(pixels: Pixels): void {
    const { width, height } = this.box
    this.#scaler.run(
      { ...planesOf(pixels), width: pixels.width, height: pixels.height, format: AV_PIX_FMT_YUV420P },
      { ...this.#scaled, width, height, format: AV_PIX_FMT_GBRP },
    )
    const [green, blue, red] = this.#scaled.data
    const planes = this.#isBgr ? [blue!, green!, red!] : [red!, green!, blue!]
    const tables = this.#isAdaptive ? this.#lifted(gammaFor(pixels)) : this.#tables
    for (const [channel, plane] of planes.entries()) this.#fill(channel, plane, tables[channel])
  }

  #lifted(gamma: number): ReturnType<typeof tablesOf> {
    if (gamma === 1) return this.#tables
    const known = this.#lifts.get(gamma)
    if (known) return known
    const tone = toneTable(gamma)
    const lifted = this.#tables.map((table) => (table ? liftedTable(table, tone) : tone))
    this.#lifts.set(gamma, lifted)
    return lifted
  }

  get #area(): number {
    return this.box.inputWidth * this.box.inputHeight
  }

  #pad(padding: number): void {
    for (const [channel, table] of this.#tables.entries()) {
      const at = channel * this.#area
      this.#input.values.fill(table?.[Math.round(padding)] ?? padding, at, at + this.#area)
    }
  }

  /** Copies a scaled plane into its place in the tensor. */
  #fill(channel: number, plane: Buffer, table: Table | undefined): void {
    const { width, height, inputWidth, x, y } = this.box
    const { values } = this.#input
    if (!table && width === inputWidth) {
      values.set(plane, channel * this.#area + y * inputWidth)
      return
    }
    for (let row = 0; row < height; row++) {
      const to = channel * this.#area + (y + row) * inputWidth + x
      const from = row * width
      if (!table) values.set(plane.subarray(from, from + width), to)
      else for (let column = 0; column < width; column++) values[to + column] = table[plane[from + column]!]!
    }
  }

  close(): void {
    this.#scaler.close()
  }
}

/** First the lift, then what the table does. */
function liftedTable(table: Table, tone: Uint8Array): Table {
  const lifted = table.slice()
  for (const [value, other] of tone.entries()) lifted[value] = table[other]!
  return lifted
}
