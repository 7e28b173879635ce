import { dirname } from 'node:path'
import { bytesOf, type ImageFile } from './tree.ts'

const BLOCK = 512
const NAME_BYTES = 100
const PREFIX_BYTES = 155

interface Entry {
  readonly path: string
  readonly mode: number
  readonly size: number
  /** `0` a file, `5` a folder. */
  readonly type: '0' | '5'
}

/** Folders that anybody may write to, as `/tmp` is; all others belong to root. */
export type OpenFolders = ReadonlySet<string>

/**
 * An archive in the ustar format (POSIX.1-1988), of folders and plain files in the order of their paths, all owned by root and as old as
 * 1970: the same files are the same bytes.
 *
 * @throws Error for a path of more than 100 bytes that cannot be parted at a slash.
 */
export async function tarOf(files: readonly ImageFile[], open: OpenFolders = new Set()): Promise<Buffer> {
  const parts: { path: string; header: Buffer; body: Buffer }[] = foldersOf(files, open).map((path) => ({
    path: `${path}/`,
    header: headerOf({ path: `${path}/`, mode: open.has(path) ? 0o1777 : 0o755, size: 0, type: '5' }),
    body: Buffer.alloc(0),
  }))
  for (const file of files) {
    const body = await bytesOf(file)
    const { path, mode } = file
    parts.push({ path, header: headerOf({ path, mode, size: body.length, type: '0' }), body: padded(body) })
  }
  parts.sort((a, b) => (a.path < b.path ? -1 : 1))
  return Buffer.concat([...parts.flatMap(({ header, body }) => [header, body]), Buffer.alloc(2 * BLOCK)])
}

/** Every folder above a file, and the open ones, each once. */
function foldersOf(files: readonly ImageFile[], open: OpenFolders): string[] {
  const folders = new Set(open)
  for (const { path } of files)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder)
  return [...folders]
}

function headerOf({ path, mode, size, type }: Entry): Buffer {
  const header = Buffer.alloc(BLOCK)
  const { name, prefix } = parted(path)
  header.write(name, 0)
  header.write(octal(mode, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(size, 11), 124)
  header.write(octal(0, 11), 136)
  header.write(' '.repeat(8), 148)
  header.write(type, 156)
  header.write('ustar\x0000', 257)
  header.write(prefix, 345)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${octal(sum, 6)}\0 `, 148)
  return header
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}

/** A long path goes into two fields, parted at a slash. */
function parted(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: '' }
  const at = path.indexOf('/', path.length - NAME_BYTES - 1)
  const [prefix, name] = [path.slice(0, at), path.slice(at + 1)]
  if (at < 0 || name === '' || Buffer.byteLength(name) > NAME_BYTES || Buffer.byteLength(prefix) > PREFIX_BYTES)
    throw new Error(`${path} is too long for a tar archive`)
  return { name, prefix }
}

function padded(body: Buffer): Buffer {
  const rest = body.length % BLOCK
  return rest === 0 ? body : Buffer.concat([body, Buffer.alloc(BLOCK - rest)])
}
