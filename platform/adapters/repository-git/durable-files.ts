import { randomBytes } from 'node:crypto'
import { promises } from 'node:fs'

/** Node's files, but each is written whole and on the disk, or not at all: a power cut leaves no half reference. */
export const durableFiles = { promises: { ...promises, writeFile: writeDurably } }

async function writeDurably(path: string, data: Uint8Array | string): Promise<void> {
  const part = `${path}.${randomBytes(6).toString('hex')}.part`
  const file = await promises.open(part, 'w')
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
  await promises.rename(part, path)
}
