import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { cityMap } from '../../city/map.ts'
import { printedSchema } from '../../graphql/schema.ts'
import { declaredHere } from '../manifests/declared.ts'
import { renderManifests } from '../manifests/render.ts'
import { root } from '../paths.ts'

/** Folders in which nothing lies that is not made. */
const WHOLE_FOLDERS = ['keda', 'knative']

/** Committed files that are made from code, by their path. */
async function generatedFiles(): Promise<Map<string, string>> {
  return new Map([
    ['graphql/schema.graphql', printedSchema()],
    ['web/public/map/city.geojson', cityMap()],
    ...renderManifests(await declaredHere()),
  ])
}

/** Writes every generated file anew, and removes what is made no longer. */
export async function generate(): Promise<void> {
  const files = await generatedFiles()
  for (const path of await leftOver(files)) await rm(join(root, path))
  for (const [path, text] of files) {
    await mkdir(join(root, dirname(path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}

/** @returns the files that are not what would be generated now. */
export async function staleFiles(): Promise<string[]> {
  const files = await generatedFiles()
  const stale = await leftOver(files)
  for (const [path, text] of files) {
    if ((await readFile(join(root, path), 'utf8').catch(() => '')) !== text) stale.push(path)
  }
  return stale
}

async function leftOver(files: ReadonlyMap<string, string>): Promise<string[]> {
  const found = await Promise.all(WHOLE_FOLDERS.map(filesIn))
  return found.flat().filter((path) => !files.has(path))
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
}
