import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { codeOf, messageOf, SentinelError } from '../errors.ts'
import type { Bucket, ObjectInfo, ObjectStore } from '../ports/objects.ts'
import { mustBeObjectKey } from './object-keys.ts'

/** What reading or removing says where there is no file, only a folder of keys or nothing; unlinking a folder is EPERM on macOS. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', ...(process.platform === 'darwin' ? ['EPERM'] : [])])
const FULL = new Set(['ENOSPC', 'EDQUOT'])
/** A part to which nobody has written for so long has no writer any more; another process may write beside this one. */
const UNFINISHED_FOR_MS = 600_000
const UNFINISHED = /\.[0-9a-f]{12}\.part$/

/** Objects as files, one folder a bucket. */
export class FileObjects implements ObjectStore {
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Also removes what writers that were killed left behind. @throws SentinelError `OBJECTS_UNAVAILABLE` */
  static async open(directory: string): Promise<FileObjects> {
    await guarded(() => removeUnfinished(directory, Date.now() - UNFINISHED_FOR_MS))
    return new FileObjects(directory)
  }

  async put(bucket: Bucket, key: string, body: Uint8Array): Promise<void> {
    const path = this.#pathOf(bucket, key)
    await guarded(() => written(path, body, (part) => rename(part, path)))
  }

  async putIfAbsent(bucket: Bucket, key: string, body: Uint8Array): Promise<boolean> {
    const path = this.#pathOf(bucket, key)
    try {
      await guarded(() =>
        written(path, body, async (part) => {
          await link(part, path)
          await rm(part)
        }),
      )
      return true
    } catch (error) {
      if (codeOf((error as Error).cause) === 'EEXIST') return false
      throw error
    }
  }

  get(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
    return unlessMissing(() => readFile(this.#pathOf(bucket, key)))
  }

  head(bucket: Bucket, key: string): Promise<ObjectInfo | undefined> {
    return unlessMissing(async () => {
      const found = await stat(this.#pathOf(bucket, key))
      return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtimeMs } : undefined
    })
  }

  async *list(bucket: Bucket, prefix: string): AsyncGenerator<ObjectInfo> {
    const home = join(this.#directory, bucket)
    const entries = (await unlessMissing(() => readdir(home, { recursive: true, withFileTypes: true }))) ?? []
    const keys = entries
      .filter((entry) => entry.isFile() && !UNFINISHED.test(entry.name))
      .map((entry) => relative(home, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .filter((key) => key.startsWith(prefix))
    for (const key of keys.sort()) {
      const info = await this.head(bucket, key)
      if (info) yield info
    }
  }

  async delete(bucket: Bucket, key: string): Promise<void> {
    await unlessMissing(() => unlink(this.#pathOf(bucket, key)))
  }

  /** Beside the buckets, where no key reaches. */
  async check(): Promise<void> {
    const probe = join(this.#directory, `.probe-${randomBytes(6).toString('hex')}`)
    await guarded(async () => {
      await mkdir(this.#directory, { recursive: true })
      await writeFile(probe, 'x')
      await rm(probe)
    })
  }

  #pathOf(bucket: Bucket, key: string): string {
    mustBeObjectKey(key)
    return join(this.#directory, bucket, ...key.split('/'))
  }
}

/** Written whole under another name first; `finish` makes it visible. */
async function written(path: string, body: Uint8Array, finish: (part: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.${randomBytes(6).toString('hex')}.part`
  try {
    await filled(part, body)
    await finish(part)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function filled(path: string, body: Uint8Array): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(body)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function removeUnfinished(directory: string, before: number): Promise<void> {
  const entries = (await unlessMissing(() => readdir(directory, { recursive: true, withFileTypes: true }))) ?? []
  for (const { name, parentPath } of entries.filter((entry) => entry.isFile() && UNFINISHED.test(entry.name))) {
    const path = join(parentPath, name)
    const part = await unlessMissing(() => stat(path))
    if (part && part.mtimeMs < before) await rm(path, { force: true })
  }
}

async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (MISSING.has(codeOf(error) ?? '')) return undefined
    if (error instanceof SentinelError) throw error
    throw unavailable(error)
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw unavailable(error)
  }
}

function unavailable(cause: unknown): SentinelError {
  const why = FULL.has(codeOf(cause) ?? '') ? 'the disk is full. Free space on it' : messageOf(cause)
  return new SentinelError('OBJECTS_UNAVAILABLE', `The object store cannot be used: ${why}`, { cause })
}
