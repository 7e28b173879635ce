import type * as ort from 'onnxruntime-node'
import type { Box } from '../../events/frame.ts'
import type { Pixels } from '../../events/image.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { type Letterbox, toPicture } from '../../models/letterbox.ts'
import { type Candidate, suppress } from '../../models/nms.ts'
import type { Detection } from '../../ports/model.ts'
import { Canvas } from './canvas.ts'
import { floatsOf } from './input-tensor.ts'
import { Sessions } from './sessions.ts'

export interface Thresholds {
  /** Boxes below are not reported: low, because the tracker uses doubtful boxes too. */
  readonly score: number
  /** Overlap above which the lesser box of a class goes. */
  readonly overlap: number
}

/** Sizes of pictures whose canvas is kept: cameras of one city have few. */
const MOST_CANVASES = 8

interface Prepared {
  readonly session: ort.InferenceSession
  readonly canvas: Canvas
}

/** Runs a model on decoded pictures, one after another, in the thread that owns it. */
export class Detector {
  readonly #model: ModelDescription
  readonly #sessions: Sessions
  readonly #thresholds: Thresholds
  readonly #prepared = new Map<string, Prepared>()

  private constructor(model: ModelDescription, sessions: Sessions, thresholds: Thresholds) {
    this.#model = model
    this.#sessions = sessions
    this.#thresholds = thresholds
  }

  static async open(
    file: string,
    model: ModelDescription,
    provider: string,
    thresholds: Thresholds,
  ): Promise<Detector> {
    return new Detector(model, await Sessions.open(file, model, provider), thresholds)
  }

  /** Why pictures of every shape go in at the size that the model declares. */
  get whyOnlyDeclared(): string | undefined {
    return this.#sessions.whyOnlyDeclared
  }

  async detect(pixels: Pixels): Promise<Detection> {
    const { session, canvas } = await this.#prepare(pixels)
    const started = performance.now()
    canvas.draw(pixels)
    const prepared = performance.now()
    const outputs = await session.run({ [this.#model.inputName]: canvas.tensor })
    const inferred = performance.now()
    const boxes = this.#read(outputs[this.#model.outputName]!, canvas.box)
    const decoded = performance.now()
    return {
      boxes,
      timings: { prepareMs: prepared - started, inferMs: inferred - prepared, decodeMs: decoded - inferred },
    }
  }

  async #prepare({ width, height }: Pixels): Promise<Prepared> {
    const size = `${width}x${height}`
    const known = this.#prepared.get(size)
    if (known) return known
    const { session, input } = await this.#sessions.fit({ width, height })
    const canvas = new Canvas({ width, height }, input, this.#model)
    if (this.#prepared.size >= MOST_CANVASES) this.#forgetOldest()
    this.#prepared.set(size, { session, canvas })
    return { session, canvas }
  }

  #forgetOldest(): void {
    const [size, { canvas }] = this.#prepared.entries().next().value!
    canvas.close()
    this.#prepared.delete(size)
  }

  #read(output: ort.Tensor, box: Letterbox): Box[] {
    const raw = { data: floatsOf(output), dimensions: output.dims }
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
