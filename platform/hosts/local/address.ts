import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../../errors.ts'

/** Tells other processes of this user where the server of a data directory listens, while it does. */
export async function tellAddress(directory: string, url: string): Promise<() => Promise<void>> {
  const path = pathOf(directory)
  await writeFile(path, `${url}\n`, { mode: 0o600 })
  return () => rm(path, { force: true })
}

/** What a killed server left is no address. */
export function forgetAddress(directory: string): Promise<void> {
  return rm(pathOf(directory), { force: true })
}

/** Undefined while nobody listens. */
export async function addressOf(directory: string): Promise<string | undefined> {
  try {
    return (await readFile(pathOf(directory), 'utf8')).trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function pathOf(directory: string): string {
  return join(directory, 'address')
}
