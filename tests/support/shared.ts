import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from '../../platform/paths.ts'

const folder = resolve(root, process.env.SENTINEL_SHARED_DATA || '../shared/data')

/** A real file that is not in the repository; `skip` says so where it is missing. */
export function sharedFile(name: string): { readonly path: string; readonly skip: string | false } {
  const path = join(folder, name)
  return { path, skip: existsSync(path) ? false : `needs ${name} in SENTINEL_SHARED_DATA (${folder})` }
}
