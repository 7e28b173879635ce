import type * as ort from 'onnxruntime-node'
import type { Pixels } from '../../events/image.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { withInputSize } from '../../models/input-size.ts'
import { type Letterbox, smallestInput } from '../../models/letterbox.ts'
import type { Feature, Features } from '../../training/engine.ts'
import { withOutputs } from '../../training/rewrite.ts'
import { Canvas } from './canvas.ts'
import { openSession } from './sessions.ts'

/** What a picture gives the part of a model that learns, and where it lies in the model's input. */
export interface PictureFeatures {
  readonly features: Features
  readonly box: Letterbox
}

interface Prepared {
  readonly canvas: Canvas
  /** None where nothing but the picture itself is asked for. */
  readonly session: ort.InferenceSession | undefined
}

/** Runs a model up to the part of it that learns, at the sizes at which pictures are detected. */
export class FeatureReader {
  readonly #onnx: Uint8Array
  readonly #model: ModelDescription
  readonly #names: readonly string[]
  readonly #prepared = new Map<string, Promise<Prepared>>()

  /** @param names of the values inside that are wanted, or of the input. */
  constructor(onnx: Uint8Array, model: ModelDescription, names: readonly string[]) {
    this.#onnx = onnx
    this.#model = model
    this.#names = names
  }

  async read(pixels: Pixels): Promise<PictureFeatures> {
    const size = `${pixels.width}x${pixels.height}`
    const preparing = this.#prepared.get(size) ?? this.#prepare(pixels)
    this.#prepared.set(size, preparing)
    const { session, canvas } = await preparing
    canvas.draw(pixels)
    const { inputName } = this.#model
    const outputs = { ...(await session?.run({ [inputName]: canvas.tensor })), [inputName]: canvas.tensor }
    const byName = new Map(this.#names.map((name) => [name, featureOf(outputs[name] as ort.Tensor)]))
    return { features: { inputWidth: canvas.box.inputWidth, byName }, box: canvas.box }
  }

  async close(): Promise<void> {
    for (const preparing of this.#prepared.values()) {
      const { session, canvas } = await preparing
      canvas.close()
      await session?.release()
    }
  }

  async #prepare({ width, height }: Pixels): Promise<Prepared> {
    const { fixedInput, longSide, preparation, isRectangular } = this.#model
    const limit = fixedInput ?? { width: longSide, height: longSide }
    const isWhole = fixedInput && !isRectangular
    const input = isWhole ? fixedInput : smallestInput({ width, height }, limit, preparation.stride)
    const inside = this.#names.filter((name) => name !== this.#model.inputName)
    const session =
      inside.length > 0 ? await openSession(withInputSize(withOutputs(this.#onnx, inside), input), 'cpu') : undefined
    return { session, canvas: new Canvas({ width, height }, input, this.#model) }
  }
}

/** A copy, because the canvas' tensor is used again, in memory that other threads read too. */
function featureOf({ data, dims }: ort.Tensor): Feature {
  const [, channels, height, width] = dims
  const from = data as Float32Array
  const values = new Float32Array(new SharedArrayBuffer(from.byteLength))
  values.set(from)
  return { shape: [channels!, height!, width!], values }
}
