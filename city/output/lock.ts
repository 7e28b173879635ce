import { readFile, rm, writeFile } from 'node:fs/promises'

/**
 * Keeps a folder to one run. A lock whose process is gone is taken over.
 *
 * @returns what gives it back
 * @throws Error while another run holds it
 */
export async function lock(path: string): Promise<() => Promise<void>> {
  const holder = Number(await readFile(path, 'utf8').catch(() => ''))
  if (holder && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `Process ${holder} is writing there already (${path}). Wait for it or stop it, or name another folder.`,
    )
  }
  await writeFile(path, String(process.pid))
  return () => rm(path, { force: true })
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
