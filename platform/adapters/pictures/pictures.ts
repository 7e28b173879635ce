import { Worker } from 'node:worker_threads'
import { type ErrorCode, SentinelError } from '../../errors.ts'
import type { FrameImage, Pixels } from '../../events/image.ts'
import type { PictureReader } from '../../ports/pictures.ts'
import { DecodedImage } from './decoded-image.ts'

export type PictureJob = { readonly encode: Pixels } | { readonly decode: Uint8Array }
export type PictureAnswer =
  | { readonly result: Uint8Array | Pixels }
  | { readonly code: ErrorCode; readonly message: string }

interface Waiting {
  readonly resolve: (result: never) => void
  readonly reject: (error: Error) => void
}

/** Encodes and decodes JPEG in a thread of its own, started when first needed. */
export class Pictures implements PictureReader {
  #worker: Worker | undefined
  #waiting: Waiting[] = []

  encode(pixels: Pixels): Promise<Uint8Array> {
    return this.#ask({ encode: pixels })
  }

  /** @throws SentinelError `PICTURE_UNDECODABLE` */
  decode(bytes: Uint8Array): Promise<Pixels> {
    return this.#ask({ decode: bytes })
  }

  /** @param onFree hears that the pixels' memory may be used again. */
  image(pixels: Pixels, onFree: (pixels: Pixels) => void = () => {}): FrameImage {
    return new DecodedImage(pixels, (each) => this.encode(each), onFree)
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  /** Answers come in the order of the questions. */
  #ask<T>(job: PictureJob): Promise<T> {
    this.#worker ??= this.#start()
    const worker = this.#worker
    worker.ref()
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as Waiting['resolve'], reject })
      worker.postMessage(job)
    })
  }

  #start(): Worker {
    const worker = new Worker(new URL('picture-worker.ts', import.meta.url))
    worker.on('message', (answer: PictureAnswer) => {
      const { resolve, reject } = this.#waiting.shift()!
      if (this.#waiting.length === 0) worker.unref()
      if ('result' in answer) resolve(answer.result as never)
      else reject(new SentinelError(answer.code, answer.message))
    })
    worker.on('exit', () => this.#onExit())
    worker.on('error', () => {})
    return worker
  }

  #onExit(): void {
    this.#worker = undefined
    const lost = this.#waiting
    this.#waiting = []
    for (const { reject } of lost) reject(new SentinelError('PICTURE_UNDECODABLE', 'The picture thread ended'))
  }
}
