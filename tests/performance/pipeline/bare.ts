import { readFileSync } from 'node:fs'
import * as ort from 'onnxruntime-node'
import { withInputSize } from '../../../platform/models/input-size.ts'
import type { Size } from '../../../platform/models/letterbox.ts'
import { cpuMs } from '../figures.ts'

const RUNS = 60

/** What a detector of 416×416 needs of its input for a picture of 16:9. */
export const RECTANGLE = { width: 416, height: 256 }

/** The model alone, on one input of a size, one thread that does not spin. */
export class Bare {
  readonly #session: ort.InferenceSession
  readonly #input: ort.Tensor

  private constructor(session: ort.InferenceSession, { width, height }: Size) {
    this.#session = session
    this.#input = new ort.Tensor('float32', new Float32Array(3 * height * width).fill(114), [1, 3, height, width])
  }

  static async open(file: string, size: Size): Promise<Bare> {
    const extra = { session: { intra_op: { allow_spinning: '0' } } }
    const model = withInputSize(readFileSync(file), size)
    return new Bare(
      await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1, extra }),
      size,
    )
  }

  /** CPU milliseconds a run. */
  async measure(): Promise<number> {
    const before = cpuMs()
    for (let run = 0; run < RUNS; run++) await this.#session.run({ images: this.#input })
    return (cpuMs() - before) / RUNS
  }
}
