import { BoxGeometry, type BufferGeometry, Group, Mesh, MeshLambertMaterial } from 'three'
import type { Lot } from '../layout.ts'
import { merged, Sculpture } from './sculpture.ts'
import { type Facade, facade, shops, WINDOWS } from './textures.ts'

const STYLES = 9
const STOREY = 3.3
const GROUND_FLOOR = 3.8

/** Walls whose windows can be lit. */
export interface Buildings {
  readonly group: Group
  readonly walls: readonly MeshLambertMaterial[]
}

export function buildings(lots: readonly Lot[], seed: number): Buildings {
  const group = new Group()
  const walls = [...Array(STYLES).keys()].flatMap((style) => {
    const own = lots.filter(({ look }) => Math.floor(look * STYLES) === style)
    return own.length === 0 ? [] : [add(group, own.map(upperFloors), facade(seed * 131 + style))]
  })
  const ground = add(group, lots.map(groundFloor), shops(seed))
  group.add(roofs(lots))
  return { group, walls: [...walls, ground] }
}

function add(group: Group, parts: readonly BufferGeometry[], { wall, lit }: Facade): MeshLambertMaterial {
  const material = new MeshLambertMaterial({ map: wall, emissive: 0xffffff, emissiveMap: lit, emissiveIntensity: 0 })
  group.add(solid(new Mesh(merged(parts), material)))
  return material
}

export function solid<Thing extends Mesh>(mesh: Thing): Thing {
  mesh.castShadow = true
  mesh.receiveShadow = true
  return mesh
}

const heightOf = ({ storeys }: Lot): number => storeys * STOREY

function upperFloors(lot: Lot): BufferGeometry {
  const height = heightOf(lot)
  const box = new BoxGeometry(lot.width, height, lot.depth).translate(lot.x, GROUND_FLOOR + height / 2, lot.z)
  return tiled(box, lot, 3.3 * WINDOWS, height / (STOREY * WINDOWS))
}

function groundFloor(lot: Lot): BufferGeometry {
  const box = new BoxGeometry(lot.width - 0.2, GROUND_FLOOR, lot.depth - 0.2)
  return tiled(box.translate(lot.x, GROUND_FLOOR / 2, lot.z), lot, 30, 1)
}

/** Repeats the picture every `metres` along a wall; six faces of four corners: two of depth, two of top, two of width. */
function tiled(box: BoxGeometry, { width, depth, look }: Lot, metres: number, rows: number): BoxGeometry {
  const uv = box.getAttribute('uv')
  for (let corner = 0; corner < 24; corner++) {
    const long = corner < 8 ? depth : width
    const columns = Math.max(1, Math.round((long / metres) * 6)) / 6
    uv.setXY(corner, uv.getX(corner) * columns + Math.floor(look * 60) / 6, uv.getY(corner) * rows)
  }
  return box
}

const ROOFS = [0x8b8781, 0x6d6a66, 0x9a7a66, 0x7b8085]

function roofs(lots: readonly Lot[]): Mesh {
  const sculpture = new Sculpture()
  for (const { x, z, width, depth, storeys, look } of lots) {
    const top = GROUND_FLOOR + storeys * STOREY
    const colour = ROOFS[Math.floor(look * 40) % ROOFS.length]!
    sculpture.box([width + 0.3, 0.6, depth + 0.3], [x, top + 0.2, z], colour)
    sculpture.box([width - 0.1, 0.3, depth + 0.5], [x, GROUND_FLOOR, z], colour)
    if (look % 0.1 < 0.06) sculpture.box([3, 2.2, 2.6], [x + (look - 0.5) * 5, top + 1.5, z], 0x8f8f8c)
    if (look % 0.01 < 0.005) awning(sculpture, { x, z, width, depth }, look)
  }
  return solid(new Mesh(sculpture.geometry(), new MeshLambertMaterial({ vertexColors: true })))
}

const CLOTHS = [0x9d2f2b, 0x2b5a4a, 0x2c4a7a, 0xb98a2e, 0x6e6a64]

function awning(
  sculpture: Sculpture,
  { x, z, width, depth }: Pick<Lot, 'x' | 'z' | 'width' | 'depth'>,
  look: number,
): void {
  const colour = CLOTHS[Math.floor(look * 500) % CLOTHS.length]!
  sculpture.box([width * 0.7, 0.12, depth + 2.2], [x, GROUND_FLOOR - 0.7, z], colour)
}
