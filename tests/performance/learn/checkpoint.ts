import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '../../../platform/errors.ts'

interface Kept {
  readonly conditions: string
  readonly known: [string, unknown][]
}

/** What a long experiment has found out so far, in a file: one that was ended goes on with what it had not done. */
export class Checkpoint {
  readonly #file: string
  readonly #conditions: string
  readonly #known: Map<string, unknown>

  private constructor(file: string, { conditions, known }: Kept) {
    this.#file = file
    this.#conditions = conditions
    this.#known = new Map(known)
  }

  /** @param conditions whatever changes the answers: under other ones it begins anew. */
  static async open(file: string, conditions: string): Promise<Checkpoint> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined
      throw error
    })
    const kept = text === undefined ? undefined : (JSON.parse(text) as Kept)
    return new Checkpoint(file, kept?.conditions === conditions ? kept : { conditions, known: [] })
  }

  /** How many answers it holds. */
  get size(): number {
    return this.#known.size
  }

  /** Works an answer out, or gives the one that it has. */
  async once<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#known.has(name)) return this.#known.get(name) as T
    const answer = await work()
    this.#known.set(name, answer)
    await this.#keep()
    return answer
  }

  /** When all is done the next experiment begins anew. */
  forget(): Promise<void> {
    return rm(this.#file, { force: true })
  }

  /** Whole or not at all. */
  async #keep(): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true })
    const part = `${this.#file}.part`
    await writeFile(part, JSON.stringify({ conditions: this.#conditions, known: [...this.#known] } satisfies Kept))
    await rename(part, this.#file)
  }
}
