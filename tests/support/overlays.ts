import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { TestContext } from 'node:test'
import { stringify } from 'yaml'
import { root } from '../../platform/paths.ts'
import { defer } from './defer.ts'

/** A folder that kustomize can build: paths in `resources` and `components` are below the project's own. */
export async function kustomization(
  t: TestContext,
  {
    resources,
    components = [],
    ...rest
  }: { resources: readonly string[]; components?: readonly string[] } & Readonly<Record<string, unknown>>,
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sentinel-overlay-')))
  defer(t, () => rm(folder, { recursive: true }))
  const from = (path: string): string => relative(folder, join(root, path))
  const written = { resources: resources.map(from), components: components.map(from), ...rest }
  await writeFile(join(folder, 'kustomization.yaml'), stringify(written))
  return folder
}
