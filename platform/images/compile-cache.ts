import { execFile } from 'node:child_process'
import { readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { USER } from './contents.ts'
import { NODE_FLAGS, nodeHere } from './runtime.ts'

/** What V8 writes depends on a random number, and this is the one flag that it does not ask to be the same when it reads. */
const SEEDED = '--random-seed=1'

export interface Ahead {
  /** Where the modules lie here. */
  readonly folder: string
  /** Where they will lie in the image: part of what is written. */
  readonly place: string
  /** Names of those to load; others that they import are loaded too. */
  readonly modules: readonly string[]
  /** Number of the user who will run them. */
  readonly user?: number
}

/**
 * Loads modules once, so that a container finds them compiled. V8 takes what it compiled itself only under the flags that it ran with,
 * and Node keeps a cache for each user: both are those of the image.
 *
 * @param cache folder to write to.
 */
export async function compileAhead({ folder, place, modules, user = USER }: Ahead, cache: string): Promise<void> {
  const compiling = fileURLToPath(new URL('compiling.ts', import.meta.url))
  // With a cache of its own from the beginning it would not begin this one.
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined, NODE_DISABLE_COMPILE_CACHE: undefined }
  await promisify(execFile)(nodeHere(), [...NODE_FLAGS, SEEDED, compiling, folder, place, cache, ...modules], { env })
  for (const name of await readdir(cache)) {
    const named = name.replace(/-\d+$/, `-${user}`)
    if (named !== name) await rename(join(cache, name), join(cache, named))
  }
}
