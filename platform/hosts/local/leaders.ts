import type { Logger } from 'pino'
import type { OpenDatabase } from '../../adapters/database-postgres.ts'
import { keepPartitions } from '../../adapters/retention.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import type { Sealing } from '../../cameras/sealing.ts'
import { dropKept } from '../../kept-frames.ts'
import type { Log } from '../../ports/log.ts'
import type { MediaServer } from '../../ports/media.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { dropOldShadows } from '../../rollout/retention.ts'
import type { TrainingRules } from '../../training/threshold.ts'
import { dropOldItems } from '../../triage/retention.ts'
import { leadWhile } from '../leader.ts'
import { keepMediaPaths } from '../media-paths.ts'
import { relayOutbox } from '../outbox-relay.ts'
import { scheduleCameras } from '../scheduler.ts'
import { considerNowAndThen } from '../train-timer.ts'
import type { Settings } from './settings.ts'

const MAINTAIN_EVERY_MS = 3_600_000
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const KEPT_AT_ONCE = 500

export interface LeadersOptions {
  readonly opened: OpenDatabase
  readonly log: Log
  readonly objects: ObjectStore
  readonly settings: Settings
  readonly rules: TrainingRules
  /** How long pictures to look back at are kept. */
  readonly keepMinutes: number
  /** Where a media server takes the cameras' streams. */
  readonly streams: { readonly media: MediaServer; readonly sealing: Sealing } | undefined
  readonly logger: Logger
  readonly signal: AbortSignal
}

/** Tasks that one process at a time does, until the signal aborts. */
export async function lead({ opened, log, objects, streams, ...options }: LeadersOptions): Promise<void> {
  const { settings, rules, keepMinutes, logger, signal } = options
  const onError = (err: Error): void => logger.warn({ err }, 'a leading task starts again')
  const shared = { pool: opened.pool, log, clock: systemClock, signal, onError }
  await Promise.all([
    scheduleCameras({ ...shared, fps: settings.fps }),
    relayOutbox(shared),
    streams && keepMediaPaths({ ...shared, ...streams }),
    considerNowAndThen(shared, { ...opened, objects, clock: systemClock }, rules),
    leadWhile({ ...shared, name: 'maintenance' }, async (_, lost) => {
      while (!lost.aborted) {
        await keepRetention(opened, settings)
        const oldest = systemClock.now() - settings.retentionTriageDays * DAY_MS
        await dropOldItems({ ...opened, objects }, oldest)
        await dropOldShadows({ ...opened, objects }, oldest)
        await dropAllKept({ ...opened, objects }, systemClock.now() - keepMinutes * MINUTE_MS)
        await systemClock.sleep(MAINTAIN_EVERY_MS, lost)
      }
    }),
  ])
}

/** Those of cameras that are watched no more as well, of which no new picture drops the old ones. */
async function dropAllKept(ports: Parameters<typeof dropKept>[0], before: number): Promise<void> {
  while ((await dropKept(ports, before, KEPT_AT_ONCE)) === KEPT_AT_ONCE);
}

/** Makes the partitions of the days to come, and drops those that nobody wants any more. */
export function keepRetention({ database }: OpenDatabase, settings: Settings): Promise<void> {
  const { retentionDetectionsDays: detectionsDays, retentionEventsDays: eventsDays } = settings
  return keepPartitions(database, systemClock.now(), { detectionsDays, eventsDays })
}
