import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from '../errors.ts'

const STAMP = '.built-from'
/** Another maker may take the place between two steps of this one. */
const MOST_ATTEMPTS = 20

/** Whether the folder was made from sources of this digest. */
export async function isMadeFrom(folder: string, digest: string): Promise<boolean> {
  return (await readFile(join(folder, STAMP), 'utf8').catch(() => '')) === digest
}

/**
 * Puts a folder that was made from sources of this digest in the place of the old one, so that nobody finds half of it. The old
 * one is moved away before it is removed: of several makers at once each ends with a whole folder in its place.
 */
export async function takePlace(fresh: string, place: string, digest: string): Promise<void> {
  await writeFile(join(fresh, STAMP), digest)
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const before = `${fresh}-before-${attempt}`
    try {
      await rename(place, before).catch(unless('ENOENT'))
      await rename(fresh, place)
      return
    } catch (error) {
      const isTaken = codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST'
      if (!isTaken || attempt === MOST_ATTEMPTS) throw error
      if (await isMadeFrom(place, digest)) return
    } finally {
      await rm(before, { recursive: true, force: true })
    }
  }
}

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== code) throw error
  }
}
