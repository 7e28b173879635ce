import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import { root } from '../../platform/paths.ts'
import { defer } from '../support/defer.ts'

export interface Secrets {
  /** A kustomization. */
  readonly folder: string
  /** Of the role `sentinel`. */
  readonly databasePassword: string
  /** Of the key `sentinel`. */
  readonly objectsSecret: string
  readonly adminToken: string
}

/** Makes them as deploy/README.md says, in a copy of that folder: nobody's own are touched. */
export async function makeSecrets(t: TestContext): Promise<Secrets> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-secrets-'))
  defer(t, () => rm(folder, { recursive: true }))
  await cp(join(root, 'deploy', 'examples', 'secrets'), folder, {
    recursive: true,
    filter: (path) => !path.endsWith('made'),
  })
  await promisify(execFile)(process.execPath, [join(folder, 'make.mjs')])
  const made = (name: string): Promise<string> => readFile(join(folder, 'made', name), 'utf8')
  return {
    folder,
    databasePassword: await made('postgresql-password'),
    objectsSecret: JSON.parse(await made('s3.json')).identities[0].credentials[0].secretKey,
    adminToken: await made('admin-token'),
  }
}
