import type * as ort from 'onnxruntime-node'
import type { Pixels } from '../../events/image.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { withInputSize } from '../../models/input-size.ts'
import { type Letterbox, smallestInput } from '../../models/letterbox.ts'
import type { Graph, Layer } from '../../training/last/graph.ts'
import { withOutputs } from '../../training/last/rewrite.ts'
import type { LevelFeatures } from '../../training/last/sample.ts'
import { Canvas } from './canvas.ts'
import { openSession } from './sessions.ts'

/** What a picture gives the last layers, and where it lies in the model's input. */
export interface PictureFeatures {
  readonly levels: readonly LevelFeatures[]
  readonly box: Letterbox
}

interface Prepared {
  readonly session: ort.InferenceSession
  readonly canvas: Canvas
}

/** Runs a model up to its last layers, at the sizes at which pictures are detected. */
export class FeatureReader {
  readonly #onnx: Uint8Array
  readonly #model: ModelDescription
  readonly #graph: Graph
  readonly #prepared = new Map<string, Promise<Prepared>>()

  constructor(onnx: Uint8Array, model: ModelDescription, graph: Graph) {
    const layers = graph.levels.flatMap(({ boxes, objectness, classes }) => [boxes, objectness, classes])
    this.#onnx = withOutputs(onnx, [...new Set(layers.map(({ input }) => input))])
    this.#model = model
    this.#graph = graph
  }

  async read(pixels: Pixels): Promise<PictureFeatures> {
    const size = `${pixels.width}x${pixels.height}`
    const preparing = this.#prepared.get(size) ?? this.#prepare(pixels)
    this.#prepared.set(size, preparing)
    const { session, canvas } = await preparing
    canvas.draw(pixels)
    const outputs = await session.run({ [this.#model.inputName]: canvas.tensor })
    const { inputWidth } = canvas.box
    const levels = this.#graph.levels.map(({ boxes, objectness, classes }): LevelFeatures => {
      const [, , , columns] = outputs[boxes.input]!.dims
      const of = ({ input }: Layer) => outputs[input]!.data as Float32Array
      return {
        columns: columns!,
        stride: inputWidth / columns!,
        boxes: of(boxes),
        objectness: of(objectness),
        classes: of(classes),
      }
    })
    return { levels, box: canvas.box }
  }

  async close(): Promise<void> {
    for (const preparing of this.#prepared.values()) {
      const { session, canvas } = await preparing
      canvas.close()
      await session.release()
    }
  }

  async #prepare({ width, height }: Pixels): Promise<Prepared> {
    const { fixedInput, longSide, preparation, isRectangular } = this.#model
    const limit = fixedInput ?? { width: longSide, height: longSide }
    const isWhole = fixedInput && !isRectangular
    const input = isWhole ? fixedInput : smallestInput({ width, height }, limit, preparation.stride)
    const session = await openSession(withInputSize(this.#onnx, input), 'cpu')
    return { session, canvas: new Canvas({ width, height }, input, this.#model) }
  }
}
