import { axesOf, CAMERAS, type CityCamera, focalLengthOf, PICTURE } from '../../../city/cameras.ts'
import type { RoadUser } from '../../../city/protocol.ts'
import { RATE, simulate } from '../../../city/simulation/simulation.ts'
import { SIZES } from '../../../city/simulation/traffic.ts'
import { usersAt } from '../../../city/users.ts'
import type { PixelBox } from '../../../platform/evaluation/boxes.ts'
import { Detections } from './detections.ts'
import { asked, type Footage, type TrueSighting } from './footage.ts'

const SEED = 3
/** Pixels of a cell in which it is decided who hides whom. */
const CELL = 4
const [COLUMNS, ROWS] = [PICTURE.width / CELL, PICTURE.height / CELL]
/** Metres: what lies further away is too small. */
const FARTHEST = 90

/** A body in the picture, whole, by its corners. */
interface Body {
  readonly user: RoadUser
  /** Metres from the camera. */
  readonly distance: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * The city's traffic without its pictures: true boxes are bodies seen from the cameras, hidden by nearer ones (and by no house),
 * and boxes are what a middling detector might say of them. It measures a tracker where there are no clips.
 */
export function sketchFootage(): Footage[] {
  const simulation = simulate(SEED)
  const moments = simulation.steps.map((_, step) => {
    const { parked, moving } = usersAt(simulation, step)
    return [...parked, ...moving]
  })
  return CAMERAS.map((camera) => sketch(camera, moments))
}

/** What one camera sees of these road users, `RATE` moments a second. */
export function sketch(camera: CityCamera, moments: readonly (readonly RoadUser[])[]): Footage {
  const detections = new Detections(camera.heading)
  const frames = moments.map((users, step) => {
    const seen = sightings(camera, users)
    return { time: step / RATE, ...PICTURE, boxes: detections.of(seen), truth: seen.map(asked) }
  })
  return { camera: camera.name, seconds: frames.length / RATE, frames }
}

function sightings(camera: CityCamera, users: readonly RoadUser[]): TrueSighting[] {
  const bodies = users.flatMap((user) => bodyOf(camera, user)).sort((a, b) => b.distance - a.distance)
  const nearest = new Int32Array(COLUMNS * ROWS).fill(-1)
  for (const [index, body] of bodies.entries()) paint(nearest, index, cellsOf(body))
  return bodies.flatMap((body, index) => sightingOf(nearest, body, index))
}

/** Nothing for one that is behind the camera, too far, or beside the picture. */
function bodyOf(camera: CityCamera, user: RoadUser): Body[] {
  const corners = cornersOf(user).map((corner) => project(camera, corner))
  if (corners.some(({ distance }) => distance < 1)) return []
  const distance = corners.reduce((sum, corner) => sum + corner.distance, 0) / corners.length
  const [across, down] = [corners.map(({ u }) => u), corners.map(({ v }) => v)]
  const [left, top, right, bottom] = [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)]
  const isBeside = right <= 0 || bottom <= 0 || left >= PICTURE.width || top >= PICTURE.height
  return isBeside || distance > FARTHEST ? [] : [{ user, distance, left, top, right, bottom }]
}

function cornersOf({ kind, x, z, headingX, headingZ }: RoadUser): [x: number, y: number, z: number][] {
  const [length, width, height] = SIZES[kind]
  return [-length / 2, length / 2].flatMap((along) =>
    [-width / 2, width / 2].flatMap((beside) =>
      [0, height].map((y): [number, number, number] => [
        x + along * headingX - beside * headingZ,
        y,
        z + along * headingZ + beside * headingX,
      ]),
    ),
  )
}

function project(camera: CityCamera, [x, y, z]: readonly [number, number, number]) {
  const { forward, right, down } = axesOf(camera)
  const place = [x - camera.x, y - camera.height, z - camera.z] as const
  const along = (axis: readonly number[]): number => place.reduce((sum, value, i) => sum + value * axis[i]!, 0)
  const distance = along(forward)
  const scale = focalLengthOf(camera) / distance
  return { distance, u: PICTURE.width / 2 + along(right) * scale, v: PICTURE.height / 2 + along(down) * scale }
}

/** Cells that a body covers, also those outside the picture. */
function cellsOf({ left, top, right, bottom }: Body) {
  const [from, to] = [Math.floor(left / CELL), Math.ceil(right / CELL)]
  return { from, to, first: Math.floor(top / CELL), last: Math.ceil(bottom / CELL) }
}

function paint(nearest: Int32Array, index: number, { from, to, first, last }: ReturnType<typeof cellsOf>): void {
  for (let row = Math.max(0, first); row < Math.min(ROWS, last); row++) {
    nearest.fill(index, row * COLUMNS + Math.max(0, from), row * COLUMNS + Math.min(COLUMNS, to))
  }
}

/** Nothing for one that is hidden altogether. */
function sightingOf(nearest: Int32Array, body: Body, index: number): TrueSighting[] {
  const { from, to, first, last } = cellsOf(body)
  const seen: [column: number, row: number][] = []
  for (let row = Math.max(0, first); row < Math.min(ROWS, last); row++)
    for (let column = Math.max(0, from); column < Math.min(COLUMNS, to); column++)
      if (nearest[row * COLUMNS + column] === index) seen.push([column, row])
  if (seen.length === 0) return []
  const visibility = seen.length / ((to - from) * (last - first))
  return [{ id: String(body.user.id), class: classOf(body.user), box: boxAround(seen, body), visibility }]
}

function boxAround(seen: readonly (readonly [number, number])[], body: Body): PixelBox {
  const [columns, rows] = [seen.map(([column]) => column), seen.map(([, row]) => row)]
  const left = Math.max(body.left, Math.min(...columns) * CELL)
  const top = Math.max(body.top, Math.min(...rows) * CELL)
  const right = Math.min(body.right, (Math.max(...columns) + 1) * CELL)
  const bottom = Math.min(body.bottom, (Math.max(...rows) + 1) * CELL)
  return [left, top, right - left, bottom - top]
}

function classOf({ kind }: RoadUser): string {
  return kind === 'parked' || kind === 'van' ? 'car' : kind
}
