import { Worker } from 'node:worker_threads'
import { messageOf, SentinelError } from '../../errors.ts'
import type { FrameImage, PixelLoan } from '../../events/image.ts'
import type { Detection } from '../../ports/model.ts'
import type { Ready, WorkerAnswer, WorkerJob, WorkerSetup } from './messages.ts'

interface Task {
  readonly image: FrameImage
  /** From when the picture is queued until it is answered. */
  readonly loan: PixelLoan | undefined
  readonly resolve: (detection: Detection) => void
  readonly reject: (error: Error) => void
  attempts: number
}

/** Threads that each run the model on one picture at a time. A thread that dies is replaced and its picture tried once more. */
export class WorkerPool {
  #setup: WorkerSetup
  readonly #idle: Worker[] = []
  readonly #all = new Set<Worker>()
  readonly #queue: Task[] = []
  readonly #tasks = new Map<Worker, Task>()
  readonly #starting = new Set<Promise<void>>()
  /** Why the last thread that was to replace another did not start. */
  #failure: Error | undefined
  #closed = false
  /** What the last thread that started told of itself. */
  ready: Ready | undefined

  private constructor(setup: WorkerSetup) {
    this.#setup = setup
  }

  /** Resolves with the first thread. @throws SentinelError `MODEL_INVALID` when the model does not run. */
  static async start(setup: WorkerSetup, count: number): Promise<WorkerPool> {
    const pool = new WorkerPool(setup)
    try {
      await pool.#add()
      // What the first one found out the others need not try.
      pool.#setup = { ...setup, providers: [pool.ready!.provider] }
      // A first picture need not wait for them.
      for (let i = 1; i < count; i++) pool.#startAnother()
      return pool
    } catch (error) {
      await pool.close()
      throw error
    }
  }

  async detect(image: FrameImage): Promise<Detection> {
    if (this.#closed) throw closing()
    const loan = image.lend()
    const { promise, resolve, reject } = Promise.withResolvers<Detection>()
    this.#queue.push({ image, loan, resolve, reject, attempts: 0 })
    if (this.#all.size === 0) this.#startAnother()
    this.#next()
    return promise.finally(() => loan?.giveBack())
  }

  /** @throws SentinelError `MODEL_UNAVAILABLE` when no thread is left. */
  check(): void {
    if (this.#closed) throw closing()
    if (this.#all.size > 0) return
    const reason = this.#failure ? messageOf(this.#failure) : 'its threads ended'
    throw new SentinelError('MODEL_UNAVAILABLE', `The model does not run: ${reason}. The next picture tries it again.`)
  }

  async close(): Promise<void> {
    this.#closed = true
    const left = [...this.#queue.splice(0), ...this.#tasks.values()]
    for (const { reject } of left) reject(closing())
    this.#tasks.clear()
    // The runtime brings the whole process down where a thread ends while it opens a model.
    await Promise.all(this.#starting)
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
  }

  async #add(): Promise<void> {
    const worker = new Worker(new URL('detector-worker.ts', import.meta.url), { workerData: this.#setup })
    this.#all.add(worker)
    const first = await firstAnswer(worker)
    if (first.kind === 'failed') {
      this.#all.delete(worker)
      await worker.terminate()
      throw new SentinelError(first.code, `The model does not run: ${first.message}`)
    }
    if (first.kind === 'ready') this.ready = { ...first, whyNotBetter: first.whyNotBetter ?? this.ready?.whyNotBetter }
    worker.on('message', (answer: WorkerAnswer) => this.#onAnswer(worker, answer))
    worker.on('exit', () => this.#onExit(worker))
    this.#idle.push(worker)
    this.#next()
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.pop()!
      const task = this.#queue.shift()!
      this.#tasks.set(worker, task)
      void this.#hand(worker, task)
    }
  }

  async #hand(worker: Worker, task: Task): Promise<void> {
    const { image, loan, reject } = task
    // While the JPEG is made its thread may die, and then the picture is another thread's.
    const isStillIts = (): boolean => this.#tasks.get(worker) === task
    try {
      const job: WorkerJob = loan ? { pixels: loan.pixels } : { jpeg: await image.jpeg() }
      if (isStillIts()) worker.postMessage(job)
    } catch (error) {
      reject(error as Error)
      if (isStillIts()) this.#release(worker)
    }
  }

  #onAnswer(worker: Worker, answer: WorkerAnswer): void {
    const task = this.#tasks.get(worker)
    if (answer.kind === 'detected') task?.resolve(answer.detection)
    if (answer.kind === 'failed') task?.reject(new SentinelError(answer.code, answer.message))
    this.#release(worker)
  }

  #release(worker: Worker): void {
    this.#tasks.delete(worker)
    this.#idle.push(worker)
    this.#next()
  }

  #onExit(worker: Worker): void {
    this.#all.delete(worker)
    if (this.#closed) return
    const at = this.#idle.indexOf(worker)
    if (at >= 0) this.#idle.splice(at, 1)
    const task = this.#tasks.get(worker)
    this.#tasks.delete(worker)
    if (task && ++task.attempts < 2) this.#queue.unshift(task)
    else task?.reject(new SentinelError('MODEL_UNAVAILABLE', 'The model crashed on this picture twice'))
    this.#startAnother()
  }

  /** Where no thread is left, those who wait are told, and the next picture tries again. */
  #startAnother(): void {
    const starting = this.#add()
      .catch((error: Error) => {
        this.#failure = error
        if (this.#all.size === 0) for (const { reject } of this.#queue.splice(0)) reject(error)
      })
      .finally(() => this.#starting.delete(starting))
    this.#starting.add(starting)
  }
}

function closing(): SentinelError {
  return new SentinelError('MODEL_UNAVAILABLE', 'The model is being closed')
}

/** That it is ready or why not, also when its thread ends without a word. */
function firstAnswer(worker: Worker): Promise<WorkerAnswer> {
  return new Promise((resolve) => {
    let reason = 'its thread ended'
    worker.on('error', (error: Error) => {
      reason = error.message
    })
    worker.once('message', resolve)
    worker.once('exit', () => resolve({ kind: 'failed', code: 'MODEL_UNAVAILABLE', message: reason }))
  })
}
