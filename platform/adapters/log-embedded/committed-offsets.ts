import { type FileHandle, open, rename } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { messageOf, SentinelError } from '../../errors.ts'
import type { PartitionName } from './groups.ts'
import { nameOf } from './groups.ts'
import { writeAll } from './segment.ts'

/** The file is rewritten to the current offsets when it has grown to this. */
const COMPACT_AT_BYTES = 1024 * 1024

interface Line {
  readonly group: string
  readonly at: string
  readonly offset: number
}

/** The committed offsets of every group, appended to one file; a line that a crash cut short is ignored. */
export class CommittedOffsets {
  readonly #path: string
  #file: FileHandle
  #size: number
  readonly #offsets: Map<string, Map<string, number>>
  #writing: Promise<void> = Promise.resolve()
  #waiting: Line[] = []
  #next: Promise<void> | undefined

  private constructor(path: string, file: FileHandle, size: number, offsets: Map<string, Map<string, number>>) {
    this.#path = path
    this.#file = file
    this.#size = size
    this.#offsets = offsets
  }

  /** @param keep Tells whose offsets still mean something: a volatile topic starts anew with each process. */
  static async open(path: string, keep: (topic: string) => boolean): Promise<CommittedOffsets> {
    const file = await open(path, 'a+')
    const content = await file.readFile('utf8')
    const whole = content.slice(0, content.lastIndexOf('\n') + 1)
    const size = Buffer.byteLength(whole)
    await file.truncate(size)
    const offsets = new Map<string, Map<string, number>>()
    for (const text of whole.split('\n')) {
      if (text === '') continue
      const { group, at, offset } = JSON.parse(text) as Line
      if (keep(at.slice(0, at.lastIndexOf('/')))) note(offsets, group, at, offset)
    }
    return new CommittedOffsets(path, file, size, offsets)
  }

  /** -1 while the group has never committed here. */
  get(group: string, partition: PartitionName): number {
    return this.#offsets.get(group)?.get(nameOf(partition)) ?? -1
  }

  partitionsOf(group: string): string[] {
    return [...(this.#offsets.get(group)?.keys() ?? [])]
  }

  /** Durable against the death of the process once resolved. Commits of one turn of the event loop go out together. */
  commit(group: string, positions: readonly (PartitionName & { offset: number })[]): Promise<void> {
    for (const position of positions) this.#waiting.push({ group, at: nameOf(position), offset: position.offset })
    this.#next ??= this.#writing.then(nextTurn).then(() => this.#writeWaiting())
    return this.#next
  }

  async #writeWaiting(): Promise<void> {
    const lines = this.#waiting
    this.#waiting = []
    this.#writing = this.#next!.catch(() => {})
    this.#next = undefined
    try {
      await this.#append(lines)
    } catch (cause) {
      throw new SentinelError('LOG_UNAVAILABLE', `Offsets cannot be committed: ${messageOf(cause)}`, { cause })
    }
    for (const { group, at, offset } of lines) note(this.#offsets, group, at, offset)
    if (this.#size > COMPACT_AT_BYTES) await this.#compact()
  }

  async #append(lines: readonly Line[]): Promise<void> {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    try {
      writeAll(this.#file, bytes)
      this.#size += bytes.length
    } catch (error) {
      await this.#file.truncate(this.#size)
      throw error
    }
  }

  async #compact(): Promise<void> {
    const lines = [...this.#offsets].flatMap(([group, offsets]) =>
      [...offsets].map(([at, offset]) => JSON.stringify({ group, at, offset })),
    )
    const content = `${lines.join('\n')}\n`
    const fresh = await open(`${this.#path}.new`, 'w')
    await fresh.writeFile(content)
    await fresh.sync()
    await fresh.close()
    await rename(`${this.#path}.new`, this.#path)
    await this.#file.close()
    this.#file = await open(this.#path, 'a+')
    this.#size = Buffer.byteLength(content)
  }

  sync(): Promise<void> {
    return this.#file.datasync()
  }

  async close(): Promise<void> {
    while (this.#next) await this.#next
    await this.#writing
    await this.#file.close()
  }
}

function note(offsets: Map<string, Map<string, number>>, group: string, at: string, offset: number): void {
  const ofGroup = offsets.get(group) ?? new Map<string, number>()
  ofGroup.set(at, offset)
  offsets.set(group, ofGroup)
}
