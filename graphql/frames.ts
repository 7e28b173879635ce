import { sql } from 'kysely'
import type { LoggedEvent } from '../platform/event-log.ts'
import { keptKey } from '../platform/kept-frames.ts'
import type { Database } from '../platform/ports/database.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
import { type DetectionView, detectionColumns, detectionView } from './views.ts'

interface FrameName {
  readonly cameraId: string
  readonly frameId: string
  /** Around which moment it was captured, RFC 3339. */
  readonly near: string
}

/** What a model saw in the frame that an entry of the event log tells of. */
export async function frameOf(database: Database, event: LoggedEvent): Promise<DetectionView | undefined> {
  const name = await nameOf(database, event)
  return name && frameNamed(database, name)
}

/** A review that was decided tells of its item, and the item of the frame. */
async function nameOf(
  database: Database,
  { cameraId, subject, data, time }: LoggedEvent,
): Promise<FrameName | undefined> {
  if (typeof data.frameId === 'string' && cameraId !== null && data.capturedAt === undefined) {
    return { cameraId, frameId: data.frameId, near: time }
  }
  if (!subject.startsWith('review-')) return undefined
  const item = await database
    .selectFrom('triage_items')
    .select(['camera_id', 'frame_id', 'captured_at'])
    .where('id', '=', subject)
    .executeTakeFirst()
  return item && { cameraId: item.camera_id, frameId: item.frame_id, near: item.captured_at.toISOString() }
}

/** The time finds the day's partition; entries keep it to the millisecond only. */
async function frameNamed(database: Database, { cameraId, frameId, near }: FrameName) {
  const row = await database
    .selectFrom('detections')
    .select(detectionColumns)
    .where('camera_id', '=', cameraId)
    .where('frame_id', '=', frameId)
    .where(sql<boolean>`captured_at >= ${near}::timestamptz - interval '1 s'`)
    .where(sql<boolean>`captured_at <= ${near}::timestamptz + interval '1 s'`)
    .executeTakeFirst()
  return row && detectionView(row)
}

/** Where the picture of a frame can be had; undefined where none was kept. */
export async function pictureOf(
  objects: ObjectStore,
  { cameraId, frameId }: Pick<DetectionView, 'cameraId' | 'frameId'>,
): Promise<string | undefined> {
  for (const key of [`triage/${cameraId}/${frameId}.jpg`, keptKey(cameraId, frameId)]) {
    if (await objects.head('sentinel-clips', key)) return `/media/${key}`
  }
  return undefined
}

export type Direction = 'nearest' | 'before' | 'after'

/** The frame of a camera nearest to a moment, or the next one before or after it, of those whose picture was kept. */
export async function keptFrame(
  database: Database,
  cameraId: string,
  at: string,
  direction: Direction,
): Promise<DetectionView | undefined> {
  if (direction === 'before') return keptNext(database, cameraId, at, ['<', 'desc'])
  if (direction === 'after') return keptNext(database, cameraId, at, ['>', 'asc'])
  const sides = [
    await keptNext(database, cameraId, at, ['<=', 'desc']),
    await keptNext(database, cameraId, at, ['>', 'asc']),
  ]
  const away = ({ capturedAt }: DetectionView): number => Math.abs(Date.parse(capturedAt) - Date.parse(at))
  return sides.filter((side) => side !== undefined).sort((a, b) => away(a) - away(b))[0]
}

async function keptNext(
  database: Database,
  cameraId: string,
  at: string,
  [operator, order]: readonly ['<' | '<=' | '>', 'asc' | 'desc'],
): Promise<DetectionView | undefined> {
  const row = await database
    .selectFrom('kept_frames as kept')
    .innerJoin('detections', (join) =>
      join.onRef('detections.captured_at', '=', 'kept.captured_at').onRef('detections.frame_id', '=', 'kept.frame_id'),
    )
    .select(detectionColumns)
    .where('kept.camera_id', '=', cameraId)
    .where('kept.captured_at', operator, sql<Date>`${at}::timestamptz`)
    .orderBy('kept.captured_at', order)
    .limit(1)
    .executeTakeFirst()
  return row && detectionView(row)
}
