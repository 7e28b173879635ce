import { chmod, glob, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A file of an image. Who made it and when is no part of it: the same files are the same image. */
export interface ImageFile {
  /** In the image, without the leading slash. */
  readonly path: string
  readonly mode: number
  /** Its bytes, or where they lie on this machine. */
  readonly content: Buffer | { readonly file: string }
}

export const READABLE = 0o644
export const RUNNABLE = 0o755

/** The files of a folder that match a pattern, to lie under `place` in the image. */
export async function filesOf(folder: string, pattern: string, place: string): Promise<ImageFile[]> {
  const entries = await Array.fromAsync(glob(pattern, { cwd: folder, withFileTypes: true }))
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => ({ path: join(place, file.slice(folder.length + 1)), mode: READABLE, content: { file } }))
}

export function textFile(path: string, text: string): ImageFile {
  return { path, mode: READABLE, content: Buffer.from(text) }
}

export function bytesOf({ content }: ImageFile): Promise<Buffer> | Buffer {
  return Buffer.isBuffer(content) ? content : readFile(content.file)
}

/** Puts them below a folder, as a container sees them below its root. */
export async function writeFiles(files: readonly ImageFile[], folder: string): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, await bytesOf(file))
    await chmod(path, file.mode)
  }
}
