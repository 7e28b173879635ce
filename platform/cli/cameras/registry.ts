import type { ImportReport } from '../../cameras/import.ts'
import type { CameraInput } from '../../cameras/input.ts'
import { onDataDirectory } from '../data-place.ts'
import { directRegistry } from './direct.ts'
import { remoteRegistry } from './remote.ts'

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
  return onDataDirectory(dataDir, process.env, {
    running: (ask) => work(remoteRegistry(ask)),
    stopped: async (opened, directory) => work(await directRegistry(opened, directory, process.env)),
  })
}
