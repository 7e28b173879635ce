import type { CameraDesk } from '../platform/cameras/commands.ts'
import type { Clock } from '../platform/ports/clock.ts'
import type { Database } from '../platform/ports/database.ts'
import type { EventFeed } from './live.ts'
import { type Loaders, loadersOf } from './loaders.ts'

export interface HealthPart {
  readonly name: string
  readonly state: 'ready' | 'starting' | 'failing' | 'missing'
  /** What is wrong or missing, and what to do; empty when ready. */
  readonly message: string
}

/** What the API stands on: made once a process. */
export interface ApiPorts {
  readonly database: Database
  readonly clock: Clock
  readonly desk: CameraDesk
  readonly feed: EventFeed
  health(): Promise<readonly HealthPart[]>
  lag(): Promise<readonly { readonly function: string; readonly lag: number }[]>
}

export interface Viewer {
  readonly id: string
  readonly name: string
}

/** Made once a request (once a connection for subscriptions). */
export interface Context extends ApiPorts {
  readonly viewer: Viewer
  readonly loaders: Loaders
}

export function contextOf(ports: ApiPorts, viewer: Viewer): Context {
  return { ...ports, viewer, loaders: loadersOf(ports.database) }
}
