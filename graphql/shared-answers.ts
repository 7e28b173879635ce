import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute, type GraphQLError } from 'graphql'
import type { Told } from './live.ts'

/** What is told of a failure: nothing of the inside of an unexpected one. */
type Mask = (error: unknown) => Error

interface Question extends ExecutionArgs {
  /** The same for subscribers who ask the same with the same rights. */
  readonly key: string
}

type Answers = AsyncIterableIterator<ExecutionResult, undefined> &
  Required<Pick<AsyncIterator<ExecutionResult>, 'return'>>

/**
 * Subscribers who ask the same are given one answer to an event, the very same object: it is made when the first of them is
 * told, however many follow. Each still has a queue of its own, and is told alone what it alone has lost.
 */
export class SharedAnswers {
  readonly #known = new WeakMap<object, Map<string, Promise<ExecutionResult>>>()
  readonly #mask: Mask

  constructor(mask: Mask) {
    this.#mask = mask
  }

  /** @returns the answers as they come, or the errors for which there will be none. */
  async subscribe(question: Question): Promise<Answers | ExecutionResult> {
    const source = await createSourceEventStream(question)
    if (!(Symbol.asyncIterator in source)) return this.#masked(source)
    return this.#answers(source[Symbol.asyncIterator]() as AsyncIterator<Told<unknown>>, question)
  }

  #answers(source: AsyncIterator<Told<unknown>>, question: Question): Answers {
    const next = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
      const { done, value } = await source.next().catch((error: unknown) => Promise.reject(this.#mask(error)))
      return done ? { done, value: undefined } : { value: await this.#answer(value, question) }
    }
    const end = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
      await source.return?.()
      return { done: true, value: undefined }
    }
    const answers: Answers = { next, return: end, [Symbol.asyncIterator]: () => answers }
    return answers
  }

  #answer(told: Told<unknown>, question: Question): Promise<ExecutionResult> {
    const { value, dropped } = told
    if (dropped > 0 || typeof value !== 'object' || value === null) return this.#execute(told, question)
    const known = this.#known.get(value) ?? new Map<string, Promise<ExecutionResult>>()
    this.#known.set(value, known)
    const answer = known.get(question.key) ?? this.#execute(told, question)
    known.set(question.key, answer)
    return answer
  }

  async #execute(told: Told<unknown>, { key: _, ...question }: Question): Promise<ExecutionResult> {
    return this.#masked(await execute({ ...question, rootValue: told }))
  }

  #masked(result: ExecutionResult): ExecutionResult {
    if (!result.errors) return result
    return { ...result, errors: result.errors.map((error) => this.#mask(error) as GraphQLError) }
  }
}
