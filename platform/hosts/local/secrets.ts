import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KEY_BYTES, Sealing } from '../../cameras/sealing.ts'
import { codeOf } from '../../errors.ts'

/** The token of the one administrator of an embedded server, made on the first start. */
export function adminToken(directory: string): Promise<string> {
  return kept(join(directory, 'admin-token'), 24)
}

/** With the key from the environment (base64), or one that is made on the first start. */
export async function openSealing(directory: string, key: string | undefined): Promise<Sealing> {
  const text = key ?? (await kept(join(directory, 'secret-key'), KEY_BYTES))
  return new Sealing(Buffer.from(text, key ? 'base64' : 'base64url'))
}

/** Readable by this user only. */
async function kept(path: string, bytes: number): Promise<string> {
  try {
    const file = await open(path, 'wx', 0o600)
    const text = randomBytes(bytes).toString('base64url')
    await file.writeFile(`${text}\n`)
    await file.sync()
    await file.close()
    return text
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    return (await readFile(path, 'utf8')).trim()
  }
}
