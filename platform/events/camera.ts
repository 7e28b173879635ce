import { z } from 'zod'
import { event } from './event.ts'

/**
 * A lease: grab this camera until `until`. It carries no source URL, which may hold credentials; the grabber asks the
 * camera registry. A newer lease of the camera replaces an older one; one whose `until` has passed releases it.
 */
export const CameraWatch = event('sentinel.camera.watch.v1', 'cameras.watch', () =>
  z.object({
    /** Milliseconds since the epoch. */
    until: z.number().positive(),
    /** Frames a second to take; fewer where the camera gives fewer. */
    fps: z.number().positive().max(60),
    /** Rises with every change of the camera, so that a lease after a change reopens the source. */
    revision: z.int().min(0),
  }),
)
export type CameraLease = z.infer<typeof CameraWatch.schema>

/** A person added, changed or removed a camera. The source here has its credentials removed. */
export const CameraChanged = event('sentinel.camera.changed.v1', 'events.cameras', () =>
  z.object({
    change: z.enum(['added', 'updated', 'removed']),
    name: z.string(),
    source: z.string(),
    enabled: z.boolean(),
    revision: z.int().min(0),
  }),
)

/**
 * A person drew, changed or deleted a zone of a camera, which is here as it is now, or as it was last. Points are shares of
 * the picture, top-left origin; an area is closed, a line is not.
 */
export const ZoneChanged = event('sentinel.zone.changed.v1', 'events.cameras', () =>
  z.object({
    change: z.enum(['added', 'updated', 'removed']),
    zone: z.object({
      id: z.string(),
      name: z.string(),
      kind: z.enum(['area', 'line']),
      points: z.array(z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)])),
    }),
  }),
)

export const CameraOnline = event('sentinel.camera.online.v1', 'events.cameras', () =>
  z.object({
    width: z.int().positive(),
    height: z.int().positive(),
    /** Of the source, as announced or measured; null when unknown. */
    fps: z.number().positive().nullable(),
    codec: z.string(),
  }),
)

/** Why a camera gives no pictures: a closed list that a person can act on, and the detail in words without credentials. */
export const OFFLINE_REASONS = [
  'refused',
  'unreachable',
  'not-found',
  'unauthorized',
  'tls',
  'timeout',
  'not-video',
  'ended',
  'crashed',
  'released',
] as const

export const CameraOffline = event('sentinel.camera.offline.v1', 'events.cameras', () =>
  z.object({
    reason: z.enum(OFFLINE_REASONS),
    detail: z.string(),
    /** When the next attempt starts, milliseconds since the epoch; null when there will be none. */
    retryAt: z.number().nullable(),
  }),
)
export type OfflineReason = (typeof OFFLINE_REASONS)[number]
