import {
  BufferAttribute,
  type BufferGeometry,
  Group,
  Mesh,
  MeshLambertMaterial,
  PlaneGeometry,
  Shape,
  ShapeGeometry,
} from 'three'
import { BAY_EDGE, BAYS, type Block, HORIZON, PAVEMENT_HEIGHT } from '../layout.ts'
import { HALF_ROAD, STREETS } from '../simulation/streets.ts'
import { merged } from './sculpture.ts'
import { asphalt, grass, slabs } from './textures.ts'

/** Surfaces that rain makes shine. */
export interface Ground {
  readonly group: Group
  readonly road: MeshLambertMaterial
  readonly pavement: MeshLambertMaterial
}

export function ground(seed: number, park: Block): Ground {
  const group = new Group()
  const road = new MeshLambertMaterial({ map: asphalt(seed * 3 + 1) })
  const pavement = new MeshLambertMaterial({ map: slabs(seed * 3 + 2) })
  const kerb = new MeshLambertMaterial({ color: 0x8d8a85 })
  const blocks = blockOutlines()
  group.add(flat(inMetres(new PlaneGeometry(4 * HORIZON, 4 * HORIZON, TILES, TILES), 14), road, 0))
  group.add(flat(merged(blocks.map((shape) => inMetres(new ShapeGeometry(shape, 6), 2.4))), pavement, PAVEMENT_HEIGHT))
  group.add(lying(new Mesh(merged(blocks.map(wall)), kerb)))
  group.add(lawn(seed, park))
  return { group, road, pavement }
}

/** In software the depth of a very large triangle is centimetres off, and hides the paint on the road. */
const TILES = 64

/** Draws (x, −z) as seen from above. */
function flat(geometry: BufferGeometry, material: MeshLambertMaterial, height: number): Mesh {
  return lying(new Mesh(geometry.rotateX(-Math.PI / 2).translate(0, height, 0), material))
}

function lying(mesh: Mesh): Mesh {
  mesh.receiveShadow = true
  return mesh
}

/** Texture coordinates by place: the picture repeats every `metres`. */
function inMetres(geometry: BufferGeometry, metres: number): BufferGeometry {
  const position = geometry.getAttribute('position')
  const uv = new Float32Array(position.count * 2)
  for (let at = 0; at < position.count; at++) uv.set([position.getX(at) / metres, position.getY(at) / metres], at * 2)
  return geometry.setAttribute('uv', new BufferAttribute(uv, 2))
}

const CORNER = 3
const [WEST, EAST] = STREETS

/** The pavements' outlines in (x, −z): blocks with rounded corners, set back where cars park. */
function blockOutlines(): Shape[] {
  const spans = [
    [-HORIZON, WEST - HALF_ROAD],
    [WEST + HALF_ROAD, EAST - HALF_ROAD],
    [EAST + HALF_ROAD, HORIZON],
  ] as const
  return spans.flatMap(([left, right]) => spans.map(([bottom, top]) => outline(left, right, bottom, top)))
}

/** Four sides one after another, each with its bay, each followed by a rounded corner. */
function outline(left: number, right: number, bottom: number, top: number): Shape {
  const shape = new Shape()
  const bay = BAY_EDGE - HALF_ROAD
  const isStreet = (at: number): boolean => Math.abs(at) < HORIZON
  shape.moveTo(left + CORNER, bottom)
  if (isStreet(bottom)) recess(shape, left, right, (x, inward) => [x, bottom + inward * bay])
  shape.lineTo(right - CORNER, bottom)
  shape.absarc(right - CORNER, bottom + CORNER, CORNER, -Math.PI / 2, 0, false)
  if (isStreet(right)) recess(shape, bottom, top, (y, inward) => [right - inward * bay, y])
  shape.lineTo(right, top - CORNER)
  shape.absarc(right - CORNER, top - CORNER, CORNER, 0, Math.PI / 2, false)
  if (isStreet(top)) recess(shape, -right, -left, (x, inward) => [-x, top - inward * bay])
  shape.lineTo(left + CORNER, top)
  shape.absarc(left + CORNER, top - CORNER, CORNER, Math.PI / 2, Math.PI, false)
  if (isStreet(left)) recess(shape, -top, -bottom, (y, inward) => [left + inward * bay, -y])
  shape.lineTo(left, bottom + CORNER)
  shape.absarc(left + CORNER, bottom + CORNER, CORNER, Math.PI, 1.5 * Math.PI, false)
  return shape
}

/** The middle blocks' sides have parking bays. */
function recess(
  shape: Shape,
  from: number,
  to: number,
  place: (along: number, inward: number) => [number, number],
): void {
  if (from > -BAYS || to < BAYS) return
  shape.lineTo(...place(-BAYS - 1.5, 0))
  shape.lineTo(...place(-BAYS, 1))
  shape.lineTo(...place(BAYS, 1))
  shape.lineTo(...place(BAYS + 1.5, 0))
}

/** The kerb's face along an outline. */
function wall(shape: Shape): BufferGeometry {
  const points = shape.getPoints(6)
  const quads = points.map((from, index) => {
    const to = points[(index + 1) % points.length]!
    const long = from.distanceTo(to)
    const quad = new PlaneGeometry(long || 0.001, PAVEMENT_HEIGHT).translate(0, PAVEMENT_HEIGHT / 2, 0)
    quad.rotateY(Math.atan2(to.y - from.y, to.x - from.x))
    return quad.translate((from.x + to.x) / 2, 0, -(from.y + to.y) / 2)
  })
  return merged(quads)
}

function lawn(seed: number, { x, z, width, depth }: Block): Mesh {
  const material = new MeshLambertMaterial({ map: grass(seed) })
  const mesh = flat(inMetres(new PlaneGeometry(width, depth), 3), material, PAVEMENT_HEIGHT + 0.05)
  mesh.position.set(x, 0, z)
  return mesh
}
