import type { ImportReport } from '../../cameras/import.ts'
import type { CameraInput } from '../../cameras/input.ts'
import { codeOf } from '../../errors.ts'
import { type DataDirectory, takeDataDirectory } from '../../hosts/local/data-directory.ts'
import { openDirectly } from './direct.ts'
import { openRemotely } from './remote.ts'

export interface ListedCamera {
  readonly id: string
  readonly name: string
  /** Without credentials. */
  readonly source: string
  readonly enabled: boolean
  readonly state: string
  readonly latitude: number | null
  readonly longitude: number | null
}

/** The cameras of one data directory. All fail with SentinelError. */
export interface CameraRegistry {
  /** In order of name. */
  list(): Promise<ListedCamera[]>
  add(input: CameraInput): Promise<ListedCamera>
  remove(id: string): Promise<ListedCamera>
  import(catalogue: string, enabled: boolean | undefined): Promise<ImportReport>
}

/** Through the API of the Sentinel that runs on the data directory, or in its database when none does. */
export async function withRegistry<T>(dataDir: string, work: (registry: CameraRegistry) => Promise<T>): Promise<T> {
  const directory = await unlessRunning(dataDir)
  if (!directory) return work(await openRemotely(dataDir))
  try {
    const { registry, close } = await openDirectly(directory.path, process.env)
    try {
      return await work(registry)
    } finally {
      await close()
    }
  } finally {
    await directory.release()
  }
}

async function unlessRunning(dataDir: string): Promise<DataDirectory | undefined> {
  try {
    return await takeDataDirectory(dataDir)
  } catch (error) {
    if (codeOf(error) === 'DATA_DIRECTORY_IN_USE') return undefined
    throw error
  }
}
