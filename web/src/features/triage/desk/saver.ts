import type { VerdictInput } from '../api/triage.ts'

export type Job =
  | { readonly kind: 'verdict'; readonly input: VerdictInput }
  | { readonly kind: 'undo'; readonly itemId: string }

export interface Refusal {
  readonly code: string
  readonly message: string
}

interface SaverOptions {
  /** @returns why the server refuses it, if it does. Rejects when nobody knows: the job is sent again. */
  readonly send: (job: Job) => Promise<Refusal | undefined>
  readonly onRefused: (job: Job, refusal: Refusal) => void
  readonly onChange: () => void
  /** Where jobs outlive the page. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'>
}

const KEY = 'sentinel-triage-unsent'
const FIRST_RETRY_MS = 500
const MAX_RETRY_MS = 8000

/** Sends what a person has decided, one thing after the other, until the server has it. */
export class Saver {
  readonly #options: SaverOptions
  #jobs: Job[]
  #isRunning = false
  #isFailing = false

  constructor(options: SaverOptions) {
    this.#options = options
    this.#jobs = JSON.parse(options.storage.getItem(KEY) ?? '[]')
    void this.#run()
  }

  get state(): 'saved' | 'saving' | 'retrying' {
    if (this.#isFailing) return 'retrying'
    return this.#jobs.length > 0 ? 'saving' : 'saved'
  }

  get unsent(): number {
    return this.#jobs.length
  }

  add(job: Job): void {
    this.#jobs.push(job)
    this.#changed()
    void this.#run()
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    for (let wait = FIRST_RETRY_MS; this.#jobs.length > 0; ) {
      const isSent = await this.#sendFirst()
      this.#isFailing = !isSent
      if (!isSent) await new Promise((resolve) => setTimeout(resolve, wait))
      wait = isSent ? FIRST_RETRY_MS : Math.min(MAX_RETRY_MS, wait * 2)
      this.#changed()
    }
    this.#isRunning = false
  }

  async #sendFirst(): Promise<boolean> {
    const job = this.#jobs[0]!
    try {
      const refusal = await this.#options.send(job)
      this.#jobs.shift()
      if (refusal) this.#options.onRefused(job, refusal)
      return true
    } catch {
      // Nobody knows whether it arrived; its key makes a second time harmless, and the state says that it is tried again.
      this.#isFailing = true
      this.#changed()
      return false
    }
  }

  #changed(): void {
    this.#options.storage.setItem(KEY, JSON.stringify(this.#jobs))
    this.#options.onChange()
  }
}
