import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, messageOf, SentinelError } from '../../errors.ts'

/** @throws SentinelError `INPUT_INVALID` for a folder that holds something. */
export async function refuseFull(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw new SentinelError('INPUT_INVALID', `Cannot write to ${folder}: ${messageOf(error)}`, { cause: error })
  })
  if (names.length > 0) throw new SentinelError('INPUT_INVALID', `${folder} is not empty. Name a new folder.`)
}

/** Makes the folders above it too. */
export async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}
