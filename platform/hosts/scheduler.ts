import { crc32 } from 'node:zlib'
import type pg from 'pg'
import { isWatched, type Schedule } from '../cameras/schedule.ts'
import { type CameraLease, CameraWatch } from '../events/camera.ts'
import { toRecord, type WireRecord } from '../events/codec.ts'
import { completeEvent } from '../events/complete.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { leadWhile } from './leader.ts'

const LEASE_MS = 30_000
/** Renewed this long before its end, so that a grabber never runs dry and normally one lease a camera is uncommitted. */
const RENEW_AHEAD_MS = 10_000
const TICK_MS = 500
/** Changes ring at once; this is for those that were missed. */
const REREAD_EVERY_MS = 5000

export interface SchedulerOptions {
  readonly pool: pg.Pool
  readonly log: Log
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Frames a second for cameras that say nothing else. */
  readonly fps: number
  readonly onError: (error: Error) => void
}

interface WatchedCamera {
  readonly id: string
  readonly fps: number | null
  readonly revision: number
}

interface Held extends WatchedCamera {
  readonly until: number
}

/** Keeps a lease out for each camera that is enabled and in its schedule; one scheduler at a time, whoever holds the lock. */
export function scheduleCameras(options: SchedulerOptions): Promise<void> {
  return leadWhile({ ...options, name: 'scheduler' }, async (client, signal) => {
    let isStale = true
    const stop = await options.log.tail(['events.cameras'], ({ headers }) => {
      if (String(headers.ce_type).startsWith('sentinel.camera.changed.')) isStale = true
    })
    const leases = new Leases(options)
    let readAt = Number.NEGATIVE_INFINITY
    try {
      while (!signal.aborted) {
        if (isStale || options.clock.now() - readAt >= REREAD_EVERY_MS) {
          isStale = false
          readAt = options.clock.now()
          await leases.watch(await watchedCameras(client, readAt))
        }
        await leases.renew()
        await options.clock.sleep(isStale ? 0 : TICK_MS, signal)
      }
    } finally {
      await stop()
    }
  })
}

async function watchedCameras(client: pg.PoolClient, now: number): Promise<WatchedCamera[]> {
  const { rows } = await client.query<WatchedCamera & { readonly schedule: Schedule | null }>(
    'SELECT id, fps, revision, schedule FROM cameras WHERE enabled',
  )
  return rows.filter(({ schedule }) => isWatched(schedule, now))
}

/** Which leases are out, and which must go out now. */
export class Leases {
  readonly #log: Log
  readonly #clock: Clock
  readonly #fps: number
  readonly #held = new Map<string, Held>()

  constructor({ log, clock, fps }: Pick<SchedulerOptions, 'log' | 'clock' | 'fps'>) {
    this.#log = log
    this.#clock = clock
    this.#fps = fps
  }

  /** These cameras and no others: new and changed ones get a lease at once, others are released. */
  async watch(cameras: readonly WatchedCamera[]): Promise<void> {
    const wanted = new Map(cameras.map((camera) => [camera.id, camera]))
    const now = this.#clock.now()
    const released = [...this.#held.values()]
      .filter(({ id }) => !wanted.has(id))
      .map((held) => ({ ...held, until: now }))
    const changed = cameras
      .filter(({ id, revision }) => this.#held.get(id)?.revision !== revision)
      .map((camera) => ({ ...camera, until: now + LEASE_MS - spreadOf(camera.id) }))
    await this.#issue([...released, ...changed])
    for (const { id } of released) this.#held.delete(id)
  }

  async renew(): Promise<void> {
    const now = this.#clock.now()
    const due = [...this.#held.values()].filter(({ until }) => until - now <= RENEW_AHEAD_MS)
    await this.#issue(due.map((held) => ({ ...held, until: now + LEASE_MS })))
  }

  async #issue(leases: readonly Held[]): Promise<void> {
    if (leases.length === 0) return
    await this.#log.produce(
      'cameras.watch',
      leases.map((lease) => this.#record(lease)),
    )
    for (const lease of leases) this.#held.set(lease.id, lease)
  }

  #record({ id, fps, revision, until }: Held): WireRecord {
    const data: CameraLease = { until, fps: fps ?? this.#fps, revision }
    const time = new Date(this.#clock.now()).toISOString()
    return toRecord(
      completeEvent(CameraWatch.of(id, data), {
        source: '/sentinel/scheduler',
        id: `${id}@${revision}:${until}`,
        time,
      }),
    )
  }
}

/** Shortens a camera's first lease by its own amount, so that cameras that start together do not renew together. */
function spreadOf(id: string): number {
  return crc32(id) % RENEW_AHEAD_MS
}
