import { SentinelError } from '../errors.ts'
import type { Model } from '../ports/model.ts'
import type { Models } from '../ports/models.ts'
import type { ObjectStore } from '../ports/objects.ts'
import type { DetectorOptions } from './detector.ts'

export interface ShelfOptions {
  readonly objects: ObjectStore
  /** Folder in which stored models are kept as files. */
  readonly folder: string
  /** How long a model that nobody uses stays open, milliseconds. */
  readonly idleMs?: number
}

/** Low, because average precision counts doubtful boxes too. */
const LEAST_SCORE = 0.01

interface Held {
  readonly opening: Promise<Model>
  users: number
  timer: NodeJS.Timeout | undefined
}

/** Stored models, each in one thread of its own while somebody uses it. */
export class ModelShelf implements Models {
  readonly #options: ShelfOptions
  readonly #held = new Map<string, Held>()
  #isClosed = false

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  async with<T>(digest: string, work: (model: Model) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new SentinelError('MODEL_UNAVAILABLE', 'Sentinel is stopping')
    const held = this.#hold(digest)
    try {
      return await work(await held.opening)
    } finally {
      this.#letGo(digest, held)
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#held].map(([digest, held]) => this.#drop(digest, held)))
  }

  #hold(digest: string): Held {
    const held = this.#held.get(digest) ?? { opening: this.#open(digest), users: 0, timer: undefined }
    clearTimeout(held.timer)
    held.users++
    this.#held.set(digest, held)
    // One that cannot be opened is tried anew the next time.
    held.opening.catch(() => this.#held.delete(digest))
    return held
  }

  #letGo(digest: string, held: Held): void {
    if (--held.users > 0 || this.#held.get(digest) !== held) return
    held.timer = setTimeout(() => void this.#drop(digest, held), this.#options.idleMs ?? 30_000)
    held.timer.unref()
  }

  async #drop(digest: string, held: Held): Promise<void> {
    clearTimeout(held.timer)
    this.#held.delete(digest)
    const model = await held.opening.catch(() => undefined)
    await model?.close()
  }

  async #open(digest: string): Promise<Model> {
    const { objects, folder } = this.#options
    return openVerified({
      model: digest,
      detectWorkers: 1,
      objects: () => objects,
      folder,
      scoreThreshold: LEAST_SCORE,
    })
  }
}

/** @throws SentinelError `MODEL_INVALID` where the file that was loaded is not the one that the digest names. */
export async function openVerified(options: DetectorOptions): Promise<Model> {
  // Loaded with the first model: most events need none.
  const { openDetector } = await import('./detector.ts')
  const model = await openDetector(options)
  if (model.info.digest === options.model) return model
  await model.close()
  const message = `The file of model ${options.model} was changed while it was loaded. Add the model again.`
  throw new SentinelError('MODEL_INVALID', message)
}
