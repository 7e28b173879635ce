import { BufferAttribute, type BufferGeometry, Color, Mesh, MeshLambertMaterial, PlaneGeometry } from 'three'
import { BAY_EDGE, BAYS } from '../layout.ts'
import { HALF_ROAD, LANES, STREETS } from '../simulation/streets.ts'
import { merged } from './sculpture.ts'

const WHITE = 0xd6d7d2
const YELLOW = 0xcfa22c
const RED = 0x76463d
const JUNCTION = 14.6
const END = 300
/** Metres: longer stripes are divided, for the depth of long triangles is not exact. */
const PIECE = 12
const CROSSING = { from: 11.3, to: 13.5 }

/** Paint on the roads: lines, crossings, stop lines, arrows, the bicycle lane, the bays. */
export function markings(): Mesh {
  const parts = STREETS.flatMap((street) => [...streetParts(street, false), ...streetParts(street, true)])
  const material = new MeshLambertMaterial({ vertexColors: true })
  const mesh = new Mesh(merged(parts), material)
  mesh.receiveShadow = true
  return mesh
}

/** Draws a rectangle by its middle along and across the street, its length and its width. */
type Draw = (along: number, across: number, length: number, width: number, colour: number, height?: number) => void

function streetParts(street: number, eastWest: boolean): BufferGeometry[] {
  const parts: BufferGeometry[] = []
  const draw: Draw = (along, across, length, width, colour, height = 0.025) => {
    const pieces = Math.ceil(length / PIECE)
    const quad = eastWest ? new PlaneGeometry(length, width, pieces, 1) : new PlaneGeometry(width, length, 1, pieces)
    quad.rotateX(-Math.PI / 2)
    quad.translate(eastWest ? along : street + across, height, eastWest ? street + across : along)
    parts.push(painted(quad, colour))
  }
  for (const [from, to] of stretches()) stretch(draw, from, to)
  for (const junction of STREETS) for (const side of [-1, 1]) crossing(draw, junction, side, eastWest ? -side : side)
  for (const side of [-1, 1]) bays(draw, side)
  return parts
}

const stretches = (): [number, number][] => [
  [-END, STREETS[0] - JUNCTION],
  [STREETS[0] + JUNCTION, STREETS[1] - JUNCTION],
  [STREETS[1] + JUNCTION, END],
]

function stretch(draw: Draw, from: number, to: number): void {
  const middle = (from + to) / 2
  const length = to - from
  for (const across of [0.13, -0.13]) draw(middle, across, length, 0.11, YELLOW)
  for (const side of [-1, 1]) {
    draw(middle, side * LANES.bicycle, length, 1.45, RED, 0.012)
    draw(middle, side * 6.5, length, 0.12, WHITE)
    for (let at = from + 2; at < to - 2; at += 7) draw(at + 1.5, side * 3.35, 3, 0.12, WHITE)
  }
}

/** `hand` is the side of the street, −1 or 1, on which traffic comes towards the junction. */
function crossing(draw: Draw, junction: number, side: number, hand: number): void {
  const middle = (CROSSING.from + CROSSING.to) / 2
  for (let across = -HALF_ROAD + 0.7; across < HALF_ROAD - 0.2; across += 1.05) {
    draw(junction + side * middle, across, CROSSING.to - CROSSING.from, 0.5, WHITE)
  }
  draw(junction + side * 14.1, (hand * HALF_ROAD) / 2, 0.4, HALF_ROAD - 0.5, WHITE)
  for (const offset of [LANES.inner, LANES.outer]) arrow(draw, junction + side * 18, hand * offset, side)
}

function arrow(draw: Draw, along: number, across: number, side: number): void {
  draw(along, across, 2.6, 0.16, WHITE)
  draw(along - side * 1.3, across, 0.5, 0.5, WHITE)
}

function bays(draw: Draw, side: number): void {
  for (let at = -BAYS; at <= BAYS; at += 6)
    draw(at + 1, side * ((HALF_ROAD + BAY_EDGE) / 2), 0.1, BAY_EDGE - HALF_ROAD - 0.2, WHITE)
}

function painted(quad: BufferGeometry, colour: number): BufferGeometry {
  const { r, g, b } = new Color(colour)
  const colours = new Float32Array(quad.getAttribute('position').count * 3)
  for (let at = 0; at < colours.length; at += 3) colours.set([r, g, b], at)
  return quad.setAttribute('color', new BufferAttribute(colours, 3))
}
