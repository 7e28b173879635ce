import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { codeOf, messageOf, SentinelError } from '../../errors.ts'

export interface DataDirectory {
  readonly path: string
  release(): Promise<void>
}

interface Holder {
  readonly pid: number
  /** When that process started, as the system counts it; process ids are used again. */
  readonly started: string
}

/**
 * Takes the data directory for this process alone; one that its holder left without a word is taken over.
 *
 * @throws SentinelError `DATA_DIRECTORY_IN_USE`, `CONFIGURATION_INVALID` when it cannot be written.
 */
export async function takeDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory)
  const lock = join(path, 'sentinel.lock')
  try {
    await mkdir(path, { recursive: true })
    for (let attempt = 0; !(await claim(lock)); attempt++) await dropIfAbandoned(lock, path, attempt)
  } catch (error) {
    if (error instanceof SentinelError) throw error
    const message = `The data directory ${path} cannot be used: ${messageOf(error)}. Choose another with --data-dir.`
    throw new SentinelError('CONFIGURATION_INVALID', message, { cause: error })
  }
  return { path, release: () => rm(lock, { force: true }) }
}

async function claim(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx')
    await file.writeFile(JSON.stringify({ pid: process.pid, started: await startOf(process.pid) } satisfies Holder))
    await file.close()
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

async function dropIfAbandoned(lock: string, path: string, attempt: number): Promise<void> {
  const holder = await holderOf(lock)
  if (attempt > 5 || (holder && (await startOf(holder.pid)) === holder.started)) {
    throw new SentinelError(
      'DATA_DIRECTORY_IN_USE',
      `Another Sentinel${holder ? ` (process ${holder.pid})` : ''} runs on ${path}. Stop it, or start this one with another --data-dir and --port.`,
    )
  }
  // Whoever renames it away has it; a second one that came to the same end finds nothing.
  const aside = `${lock}.${randomBytes(4).toString('hex')}`
  await rename(lock, aside).catch(() => {})
  await rm(aside, { force: true })
}

async function holderOf(lock: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** Empty for a process that is not there; elsewhere than on Linux only whether it is. */
async function startOf(pid: number): Promise<string> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return ''
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Ended, and not yet collected by its parent.
  if (state === 'Z' || state === 'X') return ''
  return fields[18] ?? 'alive'
}
