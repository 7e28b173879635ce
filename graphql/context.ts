import type { CameraDesk } from '../platform/cameras/commands.ts'
import type { Told } from '../platform/errors.ts'
import type { Clock } from '../platform/ports/clock.ts'
import type { Database } from '../platform/ports/database.ts'
import type { MediaServer } from '../platform/ports/media.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
import type { Repository } from '../platform/ports/repository.ts'
import type { Video } from '../platform/ports/video.ts'
import type { EventFeed } from './live.ts'
import { type Loaders, loadersOf } from './loaders.ts'

export interface HealthPart {
  readonly name: string
  readonly state: 'ready' | 'starting' | 'failing' | 'missing'
  /** What is wrong or missing, and what to do; empty when ready. */
  readonly message: string
  /** The same for who words it in another language. */
  readonly told: readonly Told[]
}

/** What the API stands on: made once a process. */
export interface ApiPorts {
  readonly database: Database
  /** A read replica, which may be a moment behind, for what is long and was written by nobody who waits for it. */
  readonly history?: Database | undefined
  readonly objects: ObjectStore
  readonly repository: Repository
  readonly clock: Clock
  readonly desk: CameraDesk
  /** Opens cameras, for those who want to see a source before they save it. */
  readonly sources: Video
  readonly feed: EventFeed
  /** Where cameras' streams can be played from; undefined where they are played from Sentinel itself. */
  readonly media?: MediaServer | undefined
  health(): Promise<readonly HealthPart[]>
  lag(): Promise<readonly { readonly function: string; readonly lag: number }[]>
}

/** A figure that `/metrics` has too. */
export interface Figure {
  readonly name: string
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly value: number
}

/** What the server itself adds. */
export interface ServedPorts extends ApiPorts {
  readonly history: Database
  figures(): Promise<readonly Figure[]>
  /** URL of the style of the dashboard's map; undefined for the built-in one. */
  readonly mapStyle: string | undefined
}

export interface Viewer {
  readonly id: string
  readonly name: string
}

/** Made once a request (once an operation over a WebSocket). */
export interface Context extends ServedPorts {
  readonly viewer: Viewer
  readonly loaders: Loaders
}

/**
 * Queries and mutations each read for themselves, and so see what they have just written. All subscriptions share what was
 * read within the last second: a thousand of them ask the database no more than one does.
 */
export function contexts(ports: ServedPorts): (viewer: Viewer, isSubscription: boolean) => Context {
  const shared = loadersOf(ports)
  return (viewer, isSubscription) => ({ ...ports, viewer, loaders: isSubscription ? shared : loadersOf(ports) })
}
