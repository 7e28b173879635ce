import { randomUUID } from 'node:crypto'
import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { codeOf, type SentinelError } from '../errors.ts'
import { ZoneChanged } from '../events/camera.ts'
import { completeEvent } from '../events/complete.ts'
import type { SentinelEvent } from '../events/event.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Tables, ZonesTable } from '../ports/tables.ts'
import { invalidInput, refusal, ruleText } from '../refusal.ts'
import type { CameraDesk } from './commands.ts'
import { isPrintable } from './input.ts'

export type ZoneRow = Selectable<ZonesTable>

const MOST_ZONES = 50
const MOST_POINTS = 32
/** Shares of the picture: less is a slip of the hand. */
const LEAST_AREA = 0.0002
const LEAST_LENGTH = 0.01

const share = z.number().min(0, ruleText('pointOutside')).max(1, ruleText('pointOutside'))
const Point = z.tuple([share, share])
type Point = z.infer<typeof Point>

const ZoneShape = z.object({
  name: z
    .string(ruleText('zoneName'))
    .trim()
    .min(1, ruleText('zoneName'))
    .max(60, ruleText('nameTooLong'))
    .refine(isPrintable, ruleText('nameUnprintable')),
  kind: z.enum(['area', 'line']),
  points: z.array(Point).max(MOST_POINTS, ruleText('zonePoints')),
})

/** An area or a line on the picture of a camera; points in shares of the picture, top-left origin. */
export const ZoneInput = ZoneShape.superRefine(({ kind, points }, context) => {
  const problem = kind === 'area' ? problemOfArea(points) : problemOfLine(points)
  if (problem) context.addIssue({ code: 'custom', path: ['points'], message: problem })
})
export type ZoneInput = z.infer<typeof ZoneInput>

type Desk = Pick<CameraDesk, 'database' | 'clock'>

/** @throws SentinelError `INPUT_INVALID`, `NOT_FOUND` for the camera, `CONFLICT` for a name that the camera has already. */
export async function addZone(desk: Desk, cameraId: string, input: ZoneInput): Promise<ZoneRow> {
  const zone = check(input)
  return desk.database.transaction().execute(async (tx) => {
    if (!(await lockCamera(tx, cameraId))) throw refusal('cameraGone', { id: cameraId })
    await checkRoom(tx, cameraId)
    const values = { ...zone, points: JSON.stringify(zone.points), id: randomUUID(), camera_id: cameraId }
    const row = await tx
      .insertInto('zones')
      .values(values)
      .returningAll()
      .executeTakeFirstOrThrow()
      .catch(unlessNamed(zone.name))
    await appendToOutbox(tx, [changed(desk, 'added', row)])
    return row
  })
}

/** Replaces all that the zone is. @throws as `addZone`, and `NOT_FOUND` for the zone. */
export async function updateZone(desk: Desk, id: string, input: ZoneInput): Promise<ZoneRow> {
  const zone = check(input)
  return desk.database.transaction().execute(async (tx) => {
    await lockCameraOf(tx, id)
    const row = await tx
      .updateTable('zones')
      .set({ ...zone, points: JSON.stringify(zone.points), updated_at: new Date(desk.clock.now()) })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
      .catch(unlessNamed(zone.name))
    if (!row) throw notFound(id)
    await appendToOutbox(tx, [changed(desk, 'updated', row)])
    return row
  })
}

/** @throws SentinelError `NOT_FOUND` */
export async function removeZone(desk: Desk, id: string): Promise<ZoneRow> {
  return desk.database.transaction().execute(async (tx) => {
    await lockCameraOf(tx, id)
    const row = await tx.deleteFrom('zones').where('id', '=', id).returningAll().executeTakeFirst()
    if (!row) throw notFound(id)
    await appendToOutbox(tx, [changed(desk, 'removed', row)])
    return row
  })
}

/** Until the transaction ends, so that the events of a camera are in the order of the commits. @returns whether it is there. */
async function lockCamera(tx: Transaction<Tables>, cameraId: string): Promise<boolean> {
  const query = tx.selectFrom('cameras').select('id').where('id', '=', cameraId).forUpdate()
  return (await query.executeTakeFirst()) !== undefined
}

/** @throws SentinelError `NOT_FOUND` for the zone. */
async function lockCameraOf(tx: Transaction<Tables>, zoneId: string): Promise<void> {
  const zone = await tx.selectFrom('zones').select('camera_id').where('id', '=', zoneId).executeTakeFirst()
  if (!zone) throw notFound(zoneId)
  await lockCamera(tx, zone.camera_id)
}

async function checkRoom(tx: Transaction<Tables>, cameraId: string): Promise<void> {
  const { count } = await tx
    .selectFrom('zones')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('camera_id', '=', cameraId)
    .executeTakeFirstOrThrow()
  if (Number(count) < MOST_ZONES) return
  throw refusal('zoneRoom', { most: MOST_ZONES })
}

function changed(
  { clock }: Desk,
  change: 'added' | 'updated' | 'removed',
  { camera_id, id, name, kind, points }: ZoneRow,
): SentinelEvent {
  return completeEvent(ZoneChanged.of(camera_id, { change, zone: { id, name, kind, points } }), {
    source: '/sentinel/cameras',
    id: randomUUID(),
    time: new Date(clock.now()).toISOString(),
  })
}

function check(input: ZoneInput): ZoneInput {
  const { data, error } = ZoneInput.safeParse(input)
  if (error) throw invalidInput(error)
  return data
}

function notFound(id: string): SentinelError {
  return refusal('zoneGone', { id })
}

const UNIQUE_VIOLATION = '23505'

function unlessNamed(name: string): (error: unknown) => never {
  return (cause) => {
    if (codeOf(cause) !== UNIQUE_VIOLATION) throw cause
    throw refusal('zoneNameTaken', { name }, { cause })
  }
}

function problemOfArea(points: readonly Point[]): string | undefined {
  if (points.length < 3) return ruleText('areaPoints')
  if (crossesItself(points)) return ruleText('areaCrosses')
  return Math.abs(areaOf(points)) < LEAST_AREA ? ruleText('areaTooSmall') : undefined
}

function problemOfLine(points: readonly Point[]): string | undefined {
  if (points.length < 2) return ruleText('linePoints')
  const length = points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - points[i]![0], y - points[i]![1]), 0)
  return length < LEAST_LENGTH ? ruleText('lineTooShort') : undefined
}

/** By the shoelace formula. */
function areaOf(points: readonly Point[]): number {
  return points.reduce((sum, point, i) => sum + cross(point, points[(i + 1) % points.length]!), 0) / 2
}

function cross([ax, ay]: Point, [bx, by]: Point): number {
  return ax * by - ay * bx
}

function crossesItself(points: readonly Point[]): boolean {
  const edges = points.map((from, i) => [from, points[(i + 1) % points.length]!] as const)
  return edges.some((one, i) =>
    edges.some((other, j) => {
      const areNeighbours = Math.abs(i - j) <= 1 || Math.abs(i - j) === edges.length - 1
      return !areNeighbours && edgesCross(one, other)
    }),
  )
}

type Edge = readonly [from: Point, to: Point]

/** Each has its ends on both sides of the other. */
function edgesCross(one: Edge, other: Edge): boolean {
  const parts = ([from, to]: Edge, [a, b]: Edge): boolean => sideOf(from, to, a) * sideOf(from, to, b) < 0
  return parts(one, other) && parts(other, one)
}

function sideOf([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  return Math.sign((bx - ax) * (y - ay) - (by - ay) * (x - ax))
}
