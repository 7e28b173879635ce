import { Worker } from 'node:worker_threads'
import type { Answers } from '../../training/detection/answers.ts'
import type { Engine, Features, Judge, Weights } from '../../training/engine.ts'
import { errorOf } from './failure.ts'
import type { HelperAnswer, HelperSetup, HelperTask } from './messages.ts'

/** Runs what a learner runs in threads beside: onnxruntime holds up the thread that calls it. */
export class Helpers implements Engine {
  readonly offsets: ReadonlySet<string>
  readonly #all: readonly Helper[]
  readonly #free: Helper[]
  readonly #waiting: ((helper: Helper) => void)[] = []

  constructor(setup: HelperSetup, offsets: ReadonlySet<string>, count: number) {
    this.offsets = offsets
    this.#all = Array.from({ length: count }, () => new Helper(setup))
    this.#free = [...this.#all]
  }

  answers(weights: Weights, pictures: readonly Features[]): Promise<Answers[]> {
    return this.#withOne((helper) => helper.answers({ kind: 'answer', weights, pictures }))
  }

  derivatives(weights: Weights, pictures: readonly Features[], judge: Judge): Promise<Weights> {
    return this.#withOne(async (helper) => {
      const answers = await helper.answers({ kind: 'forwards', weights, pictures })
      return helper.derivatives({ kind: 'backwards', byAnswers: judge(answers) })
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((helper) => helper.close()))
  }

  async #withOne<Result>(work: (helper: Helper) => Promise<Result>): Promise<Result> {
    const helper = this.#free.pop() ?? (await new Promise<Helper>((resolve) => this.#waiting.push(resolve)))
    try {
      return await work(helper)
    } finally {
      const next = this.#waiting.shift()
      if (next) next(helper)
      else this.#free.push(helper)
    }
  }
}

/** One thread, which does one thing at a time. It is asked to end, never terminated, as the training's own. */
class Helper {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  #task: PromiseWithResolvers<HelperAnswer> | undefined
  /** Why it can do nothing more. */
  #failure: Error | undefined

  constructor(setup: HelperSetup) {
    this.#worker = new Worker(new URL('helper-worker.ts', import.meta.url), { workerData: setup })
    this.#worker.on('message', (answer: HelperAnswer) => this.#task?.resolve(answer))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail(new Error('A thread that helps with the learning ended'))
        resolve()
      })
    })
  }

  async answers(task: HelperTask): Promise<Answers[]> {
    const answer = await this.#ask(task)
    return answer.kind === 'answered' ? [...answer.answers] : unexpected(answer)
  }

  async derivatives(task: HelperTask): Promise<Weights> {
    const answer = await this.#ask(task)
    return answer.kind === 'derived' ? answer.byWeights : unexpected(answer)
  }

  /** What it does at the moment it does to its end. */
  async close(): Promise<void> {
    await this.#task?.promise.catch(() => {})
    if (!this.#failure) this.#worker.postMessage({ kind: 'end' } satisfies HelperTask)
    this.#failure ??= new Error('The learning has ended')
    await this.#ended
  }

  async #ask(task: HelperTask): Promise<HelperAnswer> {
    if (this.#failure) throw this.#failure
    this.#task = Promise.withResolvers<HelperAnswer>()
    this.#worker.postMessage(task)
    const answer = await this.#task.promise
    if (answer.kind === 'failed') throw errorOf(answer)
    return answer
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#task?.reject(this.#failure)
  }
}

function unexpected({ kind }: HelperAnswer): never {
  throw new Error(`A thread that helps with the learning answered ${kind}`)
}
