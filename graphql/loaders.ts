import DataLoader from 'dataloader'
import type { Selectable } from 'kysely'
import type { CameraRow } from '../platform/cameras/commands.ts'
import type { ZoneRow } from '../platform/cameras/zones.ts'
import type { Manifest } from '../platform/datasets/manifest.ts'
import { readDataset } from '../platform/datasets/store.ts'
import type { Clock } from '../platform/ports/clock.ts'
import type { Database } from '../platform/ports/database.ts'
import type { ObjectStore } from '../platform/ports/objects.ts'
import type { ModelLineageTable, ModelsTable } from '../platform/ports/tables.ts'
import { MomentaryCache } from './cache.ts'
import { type DetectionView, detectionColumns, detectionView } from './views.ts'

const REMEMBER_MS = 1000
/** One or two partitions; whoever looks at cameras mostly looks at those that run. */
const RECENT_MS = 3_600_000

export interface Loaders {
  readonly camera: DataLoader<string, CameraRow | undefined>
  readonly model: DataLoader<string, Selectable<ModelsTable> | undefined>
  readonly lineage: DataLoader<string, Selectable<ModelLineageTable> | undefined>
  readonly dataset: DataLoader<string, Manifest>
  /** Of a camera, by name. */
  readonly zones: DataLoader<string, readonly ZoneRow[]>
  /** The newest detection of a camera. */
  readonly lastDetection: DataLoader<string, DetectionView | undefined>
}

interface LoaderPorts {
  readonly database: Database
  readonly objects: ObjectStore
  readonly clock: Clock
}

/** One statement for all that a request asks of a table at the same depth. */
export function loadersOf({ database, objects, clock }: LoaderPorts): Loaders {
  const cached = <Row>() => ({ cacheMap: new MomentaryCache<string, Promise<Row>>(clock, REMEMBER_MS) })
  return {
    camera: new DataLoader(async (ids) => {
      const rows = await database.selectFrom('cameras').selectAll().where('id', 'in', ids).execute()
      return inOrder(ids, rows, ({ id }) => id)
    }, cached()),
    model: new DataLoader(async (digests) => {
      const rows = await database.selectFrom('models').selectAll().where('digest', 'in', digests).execute()
      return inOrder(digests, rows, ({ digest }) => digest)
    }, cached()),
    lineage: new DataLoader(async (digests) => {
      const rows = await database.selectFrom('model_lineage').selectAll().where('digest', 'in', digests).execute()
      return inOrder(digests, rows, ({ digest }) => digest)
    }, cached()),
    dataset: new DataLoader(
      (digests) => Promise.all(digests.map((digest) => readDataset(objects, digest).catch((error: Error) => error))),
      cached(),
    ),
    zones: new DataLoader(async (cameraIds) => {
      const rows = await database
        .selectFrom('zones')
        .selectAll()
        .where('camera_id', 'in', cameraIds)
        .orderBy('name')
        .execute()
      const byCamera = Map.groupBy(rows, ({ camera_id }) => camera_id)
      return cameraIds.map((id) => byCamera.get(id) ?? [])
    }, cached()),
    lastDetection: new DataLoader(async (cameraIds) => {
      const recent = await newestDetections(database, cameraIds, new Date(clock.now() - RECENT_MS))
      const known = new Set(recent.map(({ cameraId }) => cameraId))
      const older = await newestDetections(
        database,
        cameraIds.filter((id) => !known.has(id)),
      )
      return inOrder(cameraIds, [...recent, ...older], ({ cameraId }) => cameraId)
    }, cached()),
  }
}

/** The newest one of each camera that has any, since a moment or ever: without one, every partition is looked into for every camera. */
async function newestDetections(
  database: Database,
  cameraIds: readonly string[],
  since?: Date,
): Promise<DetectionView[]> {
  if (cameraIds.length === 0) return []
  const rows = await database
    .selectFrom('cameras as c')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('detections')
          .select(detectionColumns)
          .whereRef('detections.camera_id', '=', 'c.id')
          .$if(since !== undefined, (query) => query.where('captured_at', '>', since!))
          .orderBy('captured_at', 'desc')
          .limit(1)
          .as('d'),
      (join) => join.onTrue(),
    )
    .selectAll('d')
    .where('c.id', 'in', cameraIds)
    .execute()
  return rows.map(detectionView)
}

function inOrder<Row>(keys: readonly string[], rows: readonly Row[], keyOf: (row: Row) => string): (Row | undefined)[] {
  const byKey = new Map(rows.map((row) => [keyOf(row), row]))
  return keys.map((key) => byKey.get(key))
}
