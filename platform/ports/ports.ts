import type { CameraSources } from './cameras.ts'
import type { Clock } from './clock.ts'
import type { Database } from './database.ts'
import type { Log } from './log.ts'
import type { Memory } from './memory.ts'
import type { RunningModels } from './model.ts'
import type { Models } from './models.ts'
import type { ObjectStore } from './objects.ts'
import type { PictureReader } from './pictures.ts'
import type { Repository } from './repository.ts'
import type { Trainer } from './trainer.ts'
import type { Video } from './video.ts'

/** Everything a function may ask its host for; a declaration names what it needs, and gets no more. */
export interface Ports {
  readonly log: Log
  readonly database: Database
  readonly objects: ObjectStore
  readonly video: Video
  readonly model: RunningModels
  readonly models: Models
  readonly pictures: PictureReader
  readonly trainer: Trainer
  readonly repository: Repository
  readonly cameras: CameraSources
  readonly memory: Memory
  readonly clock: Clock
}

export type PortName = keyof Ports
