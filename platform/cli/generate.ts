import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cityMap } from '../../city/map.ts'
import { printedSchema } from '../../graphql/schema.ts'
import { root } from '../paths.ts'

/** Committed files that are made from code. */
const generated: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: 'graphql/schema.graphql', make: printedSchema },
  { path: 'web/public/map/city.geojson', make: cityMap },
]

/** Writes every generated file anew. */
export async function generate(): Promise<void> {
  for (const { path, make } of generated) await writeFile(join(root, path), make())
}

/** @returns the files that are not what would be generated now. */
export async function staleFiles(): Promise<string[]> {
  const stale: string[] = []
  for (const { path, make } of generated) {
    if ((await readFile(join(root, path), 'utf8').catch(() => '')) !== make()) stale.push(path)
  }
  return stale
}
