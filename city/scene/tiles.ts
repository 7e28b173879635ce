import { type PerspectiveCamera, type Vector3, Vector4 } from 'three'
import { SIZES } from '../simulation/traffic.ts'
import type { Member } from './crowd.ts'

export const COLUMNS = 20
export const ROWS = 12

/** Lower left corner of a tile in clip space; all have the same size. */
export interface Tile {
  readonly x: number
  readonly y: number
}

/** The parts of the picture into which somebody's shadow can fall. `towards` points to where shadows come from. */
export function shadowedTiles(members: readonly Member[], towards: Vector3, camera: PerspectiveCamera): Tile[] {
  const marked = new Set<number>()
  for (const member of members) mark(marked, corners(member, towards), camera)
  return [...marked].map(tileOf)
}

export const wholePicture = (): Tile[] => Array.from({ length: COLUMNS * ROWS }, (_, number) => tileOf(number))

const tileOf = (number: number): Tile => ({
  x: ((number % COLUMNS) / COLUMNS) * 2 - 1,
  y: (Math.floor(number / COLUMNS) / ROWS) * 2 - 1,
})

/** The body's box and the same thrown to the ground, metres. */
function corners({ user }: Member, towards: Vector3): Vector4[] {
  const [length, , height] = SIZES[user.kind]
  const reach = length / 2 + 0.6
  const thrown = { x: (-towards.x / towards.y) * height, z: (-towards.z / towards.y) * height }
  return [-reach, reach].flatMap((x) =>
    [-reach, reach].flatMap((z) => [
      new Vector4(user.x + x, 0, user.z + z, 1),
      new Vector4(user.x + x, height, user.z + z, 1),
      new Vector4(user.x + x + thrown.x, 0, user.z + z + thrown.z, 1),
    ]),
  )
}

/** What lies nearer than this, metres, has no place in the picture. */
const NEAR = 0.5

function mark(marked: Set<number>, places: readonly Vector4[], camera: PerspectiveCamera): void {
  const seen = places.map((place) =>
    place.applyMatrix4(camera.matrixWorldInverse).applyMatrix4(camera.projectionMatrix),
  )
  const inFront = seen.filter(({ w }) => w > NEAR)
  if (inFront.length === 0) return
  const isCut = inFront.length < seen.length
  const across = tiles(isCut ? [-1, 1] : inFront.map(({ x, w }) => x / w), COLUMNS)
  const up = tiles([...inFront.map(({ y, w }) => y / w), ...(isCut ? [-1] : [])], ROWS)
  for (const row of up) for (const column of across) marked.add(row * COLUMNS + column)
}

/** The tiles from the least to the greatest of these, which lie in the picture between −1 and 1. */
function tiles(values: readonly number[], count: number): number[] {
  const tile = (value: number): number => Math.floor(((value + 1) / 2) * count)
  const first = Math.max(0, tile(Math.min(...values)))
  const last = Math.min(count - 1, tile(Math.max(...values)))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}
