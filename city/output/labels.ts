import { type FileHandle, open, readFile, truncate } from 'node:fs/promises'
import type { TruePicture } from '../truth.ts'

/** A file of one JSON line a picture, only ever added to. A picture counts as done once its line is complete. */
export class Labels {
  readonly #file: FileHandle
  readonly #done: Set<string>

  private constructor(file: FileHandle, done: Set<string>) {
    this.#file = file
    this.#done = done
  }

  /** Goes on where an earlier run stopped; half a line from a killed one is cut off. */
  static async open(path: string): Promise<Labels> {
    const file = await open(path, 'a')
    const text = await readFile(path, 'utf8')
    const end = text.lastIndexOf('\n') + 1
    if (end < text.length) await truncate(path, Buffer.byteLength(text.slice(0, end)))
    const lines = text.slice(0, end).split('\n').filter(Boolean)
    return new Labels(file, new Set(lines.map((line) => (JSON.parse(line) as TruePicture).image)))
  }

  get size(): number {
    return this.#done.size
  }

  has(image: string): boolean {
    return this.#done.has(image)
  }

  async add(picture: TruePicture): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify(picture)}\n`)
    this.#done.add(picture.image)
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}
