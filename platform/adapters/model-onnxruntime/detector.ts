import { AV_PIX_FMT_GBRP, AV_PIX_FMT_YUV420P } from 'node-av/constants'
import * as ort from 'onnxruntime-node'
import type { Box } from '../../events/frame.ts'
import type { Pixels } from '../../events/image.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { type Letterbox, letterbox, rectangularInput, toPicture } from '../../models/letterbox.ts'
import { type Candidate, suppress } from '../../models/nms.ts'
import type { Detection } from '../../ports/model.ts'
import { type Planes, planesOf, Scaler } from '../pictures/codec.ts'

/** What fails comes back as an exception; the runtime need not print it too. */
ort.env.logLevel = 'fatal'

export interface Thresholds {
  /** Boxes below are not reported: low, because the tracker uses doubtful boxes too. */
  readonly score: number
  /** Overlap above which the lesser box of a class goes. */
  readonly overlap: number
}

/** Tensor and planes of one input size, used again for every picture. */
interface Buffers {
  readonly box: Letterbox
  readonly tensor: ort.Tensor
  readonly values: Float32Array
  readonly scaled: Planes
}

/** Runs a model on decoded pictures, one after another, in the thread that owns it. */
export class Detector {
  readonly #model: ModelDescription
  readonly #session: ort.InferenceSession
  readonly #thresholds: Thresholds
  readonly #scaler = new Scaler()
  #buffers: Buffers | undefined
  #pictureSize = ''

  private constructor(model: ModelDescription, session: ort.InferenceSession, thresholds: Thresholds) {
    this.#model = model
    this.#session = session
    this.#thresholds = thresholds
  }

  static async open(
    file: string,
    model: ModelDescription,
    provider: string,
    thresholds: Thresholds,
  ): Promise<Detector> {
    const session = await ort.InferenceSession.create(file, {
      executionProviders: [provider],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // Waiting threads that spin double the CPU time of a frame.
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    })
    return new Detector(model, session, thresholds)
  }

  async detect(pixels: Pixels): Promise<Detection> {
    const started = performance.now()
    const { box, tensor } = this.#prepare(pixels)
    const prepared = performance.now()
    const outputs = await this.#session.run({ [this.#model.inputName]: tensor })
    const inferred = performance.now()
    const boxes = this.#read(outputs[this.#model.outputName]!, box)
    const decoded = performance.now()
    return {
      boxes,
      timings: { prepareMs: prepared - started, inferMs: inferred - prepared, decodeMs: decoded - inferred },
    }
  }

  #prepare(pixels: Pixels): Buffers {
    const buffers = this.#buffersFor(pixels)
    const { box, values, scaled } = buffers
    this.#scaler.run(
      { ...planesOf(pixels), width: pixels.width, height: pixels.height, format: AV_PIX_FMT_YUV420P },
      { ...scaled, width: box.width, height: box.height, format: AV_PIX_FMT_GBRP },
    )
    const [green, blue, red] = scaled.data
    const { colours, scale } = this.#model.preparation
    const planes = colours === 'bgr' ? [blue!, green!, red!] : [red!, green!, blue!]
    const area = box.inputWidth * box.inputHeight
    for (const [channel, plane] of planes.entries()) fill(values, channel * area, plane, box, scale)
    return buffers
  }

  #buffersFor({ width, height }: Pixels): Buffers {
    const size = `${width}x${height}`
    if (this.#buffers && this.#pictureSize === size) return this.#buffers
    const { preparation } = this.#model
    const input =
      this.#model.fixedInput ?? rectangularInput({ width, height }, this.#model.longSide, preparation.stride)
    const box = letterbox({ width, height }, input, preparation.placement)
    const values = new Float32Array(3 * input.width * input.height).fill(preparation.padding * preparation.scale)
    const tensor = new ort.Tensor('float32', values, [1, 3, input.height, input.width])
    const plane = (): Buffer => Buffer.alloc(box.width * box.height)
    this.#buffers = {
      box,
      tensor,
      values,
      scaled: { data: [plane(), plane(), plane()], strides: [box.width, box.width, box.width] },
    }
    this.#pictureSize = size
    return this.#buffers
  }

  #read(output: ort.Tensor, box: Letterbox): Box[] {
    const raw = { data: output.data as Float32Array, dimensions: output.dims }
    const input = { width: box.inputWidth, height: box.inputHeight }
    const { decoder } = this.#model
    const candidates = decoder.decode(raw, input, this.#thresholds.score)
    const kept = decoder.isSuppressed ? candidates : suppress(candidates, this.#thresholds.overlap)
    return kept.flatMap((candidate) => this.#toBox(candidate, box))
  }

  /** Nothing for a box that lies outside the picture altogether. */
  #toBox(candidate: Candidate, box: Letterbox): Box[] {
    const placed = toPicture(box, candidate)
    if (placed[2] <= 0 || placed[3] <= 0) return []
    const { classIndex, score, runnerUpIndex, runnerUpScore } = candidate
    const runnerUp = { class: this.#nameOf(runnerUpIndex), score: runnerUpScore }
    return [
      {
        class: this.#nameOf(classIndex),
        score: Math.min(1, score),
        box: placed,
        ...(runnerUpIndex >= 0 && { runnerUp }),
      },
    ]
  }

  /** A model that suppresses by itself does not tell how many classes it has, so it may know more than have names. */
  #nameOf(index: number): string {
    return this.#model.classes[index] ?? `class ${index}`
  }
}

/** Copies a scaled plane into its place in the tensor, as floats. */
function fill(values: Float32Array, at: number, plane: Buffer, box: Letterbox, scale: number): void {
  const { width, height, inputWidth, x, y } = box
  if (width === inputWidth && scale === 1) {
    values.set(plane, at + y * inputWidth)
    return
  }
  for (let row = 0; row < height; row++) {
    const to = at + (y + row) * inputWidth + x
    const from = row * width
    if (scale === 1) values.set(plane.subarray(from, from + width), to)
    else for (let column = 0; column < width; column++) values[to + column] = plane[from + column]! * scale
  }
}
