import { sql } from 'kysely'
import type { LoggedEvent } from '../platform/event-log.ts'
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
  for (const folder of ['triage', 'events']) {
    const key = `${folder}/${cameraId}/${frameId}.jpg`
    if (await objects.head('sentinel-clips', key)) return `/media/${key}`
  }
  return undefined
}
