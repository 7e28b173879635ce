import { shareOf } from '../datasets/split.ts'
import { SentinelError } from '../errors.ts'
import type { FrameImage } from '../events/image.ts'
import type { Detection, Model, ModelInfo, RunningModels } from '../ports/model.ts'
import type { Deployment } from '../rollout/deployment.ts'

/** Opens a stored model with so many threads; of undefined, as many as are usual. @throws SentinelError */
export type OpenModel = (digest: string, workers: number | undefined) => Promise<Model>

interface Canary {
  readonly serving: Serving
  readonly cameras: ReadonlySet<string>
}

/** The models that run in this process. They change at once for the next frame, and none that is on its way is lost. */
export class Deployer implements RunningModels {
  readonly #open: OpenModel
  #stable: Serving
  #canary: Canary | undefined

  constructor(first: Model, open: OpenModel) {
    this.#stable = new Serving(first)
    this.#open = open
  }

  get info(): ModelInfo {
    return this.#stable.info
  }

  /** Of all that run. */
  get infos(): readonly ModelInfo[] {
    return [this.info, ...(this.#canary ? [this.#canary.serving.info] : [])]
  }

  /** Those that the canary looks at; of none without one. */
  get canaryCameras(): readonly string[] {
    return [...(this.#canary?.cameras ?? [])]
  }

  for(camera: string): Serving {
    return this.#canary?.cameras.has(camera) ? this.#canary.serving : this.#stable
  }

  runs({ model, canary }: Deployment, cameras: readonly string[]): boolean {
    const wanted = canary ? chosen(cameras, canary) : []
    return (
      this.info.digest === model.digest &&
      this.#canary?.serving.info.digest === canary?.digest &&
      this.canaryCameras.join() === wanted.join()
    )
  }

  /**
   * Runs what a deployment says. Whatever cannot be opened leaves everything as it is.
   *
   * @throws SentinelError `NOT_FOUND`, `MODEL_INVALID` where a file is not the one that its digest names or does not run.
   */
  async apply({ model, canary }: Deployment, cameras: readonly string[]): Promise<void> {
    const opened: Serving[] = []
    const running = [this.#stable, ...(this.#canary ? [this.#canary.serving] : [])]
    const serving = async (digest: string, workers: number | undefined): Promise<Serving> => {
      const known = running.find(({ info }) => info.digest === digest)
      // A canary has one thread; for all cameras it is opened anew.
      if (known && (known === this.#stable || workers !== undefined)) return known
      const fresh = new Serving(await this.#open(digest, workers))
      opened.push(fresh)
      return fresh
    }
    try {
      const stable = await serving(model.digest, undefined)
      const next = canary && { serving: await serving(canary.digest, 1), cameras: new Set(chosen(cameras, canary)) }
      this.#stable = stable
      this.#canary = next
    } catch (error) {
      await Promise.all(opened.map((each) => each.retire()))
      throw error
    }
    const kept = [this.#stable, this.#canary?.serving]
    await Promise.all(running.filter((each) => !kept.includes(each)).map((each) => each.retire()))
  }

  async check(): Promise<void> {
    await this.#stable.check()
    await this.#canary?.serving.check()
  }

  async close(): Promise<void> {
    await Promise.all([this.#stable.close(), this.#canary?.serving.close()])
  }
}

/** The same ones for the same canary as long as the cameras are the same; at least one, so that there is something to see. */
function chosen(cameras: readonly string[], { digest, share }: NonNullable<Deployment['canary']>): string[] {
  const count = Math.max(1, Math.round(cameras.length * share))
  const placed = cameras.map((id) => ({ id, place: shareOf(`${digest}\n${id}`) }))
  return placed
    .sort((a, b) => a.place - b.place)
    .slice(0, count)
    .map(({ id }) => id)
}

/** A model with what it is working on. */
class Serving {
  readonly #model: Model
  readonly #idle = Promise.withResolvers<void>()
  #working = 0
  #isRetired = false

  constructor(model: Model) {
    this.#model = model
  }

  get info(): ModelInfo {
    return this.#model.info
  }

  async detect(image: FrameImage): Promise<Detection> {
    if (this.#isRetired) throw new SentinelError('MODEL_UNAVAILABLE', 'Another model takes this one’s place')
    this.#working++
    try {
      return await this.#model.detect(image)
    } finally {
      this.#working--
      this.#rest()
    }
  }

  check(): Promise<void> {
    return this.#model.check()
  }

  /** Closes it once it has answered everything. */
  async retire(): Promise<void> {
    this.#isRetired = true
    this.#rest()
    await this.#idle.promise
    await this.#model.close()
  }

  close(): Promise<void> {
    return this.#model.close()
  }

  #rest(): void {
    if (this.#isRetired && this.#working === 0) this.#idle.resolve()
  }
}
