import { readFile } from 'node:fs/promises'
import * as ort from 'onnxruntime-node'
import { messageOf } from '../../errors.ts'
import type { ModelDescription } from '../../models/describe.ts'
import { withFoldedFocus } from '../../models/focus.ts'
import { shapeText } from '../../models/input.ts'
import { withInputSize } from '../../models/input-size.ts'
import { type Size, smallestInput } from '../../models/letterbox.ts'
import { InputTensor } from './input-tensor.ts'

/** What fails comes back as an exception; the runtime need not print it too. */
ort.env.logLevel = 'fatal'

/** Each input size has a session with its own working memory; beyond these the model runs at the size it declares. */
const MOST_SIZES = 4

export interface Fitted {
  readonly session: ort.InferenceSession
  readonly input: Size
}

/**
 * The model made ready for the shapes of the pictures that come. A wide picture in a square input is mostly filling that is
 * computed for nothing, so a model that declares one size is also tried at the rectangle that just holds the picture.
 */
export class Sessions {
  readonly #file: string
  readonly #model: ModelDescription
  readonly #provider: string
  readonly #declared: ort.InferenceSession
  readonly #fitted = new Map<string, Promise<Fitted>>()
  /** Why the model runs only at the size that it declares. */
  whyOnlyDeclared: string | undefined

  private constructor(file: string, model: ModelDescription, provider: string, declared: ort.InferenceSession) {
    this.#file = file
    this.#model = model
    this.#provider = provider
    this.#declared = declared
    if (model.fixedInput && !model.isRectangular) {
      this.whyOnlyDeclared = model.decoder.isSuppressed ? 'it suppresses inside' : 'it was asked to'
    }
  }

  static async open(file: string, model: ModelDescription, provider: string): Promise<Sessions> {
    return new Sessions(file, model, provider, await openSession(await networkIn(file), provider))
  }

  fit(picture: Size): Promise<Fitted> {
    const { fixedInput, longSide, preparation } = this.#model
    if (fixedInput && this.whyOnlyDeclared !== undefined) return this.#atDeclared(fixedInput)
    const limit = fixedInput ?? { width: longSide, height: longSide }
    const input = smallestInput(picture, limit, preparation.stride)
    if (!fixedInput) return Promise.resolve({ session: this.#declared, input })
    if (input.width === fixedInput.width && input.height === fixedInput.height) return this.#atDeclared(fixedInput)
    return this.#atSize(input, fixedInput)
  }

  #atDeclared(input: Size): Promise<Fitted> {
    return Promise.resolve({ session: this.#declared, input })
  }

  #atSize(input: Size, declared: Size): Promise<Fitted> {
    const key = `${input.width}x${input.height}`
    const known = this.#fitted.get(key)
    if (known) return known
    if (this.#fitted.size >= MOST_SIZES) return this.#atDeclared(declared)
    const fitted = this.#tryAt(input).catch((error: unknown) => {
      this.whyOnlyDeclared = messageOf(error).split('\n')[0]!
      return this.#atDeclared(declared)
    })
    this.#fitted.set(key, fitted)
    return fitted
  }

  /** @throws when the network has its declared size baked in. */
  async #tryAt(input: Size): Promise<Fitted> {
    const { inputName, outputName, numbers, decoder, classes } = this.#model
    const session = await openSession(withInputSize(await networkIn(this.#file), input), this.#provider)
    const outputs = await session.run({ [inputName]: new InputTensor(numbers, input).tensor })
    const { dims } = outputs[outputName]!
    if (decoder.classesIn({ output: { dimensions: dims }, input }) === classes.length) return { session, input }
    throw new Error(`at ${input.width}×${input.height} its output has the shape ${shapeText(dims)}`)
  }
}

/** The network of a file, in the form that runs fastest. */
async function networkIn(file: string): Promise<Uint8Array> {
  return withFoldedFocus(await readFile(file))
}

export function openSession(model: string | Uint8Array, provider: string): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model as string, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    // Waiting threads that spin double the CPU time of a frame.
    extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
  })
}
