import { CircleGeometry, Group, Mesh, MeshBasicMaterial, MeshLambertMaterial } from 'three'
import type { Furniture, Lamp, Layout, Signal, Tree } from '../layout.ts'
import { type Point, rightOf } from '../simulation/path.ts'
import { lightAt } from '../simulation/signals.ts'
import { solid } from './buildings.ts'
import { merged, Sculpture, type Vector } from './sculpture.ts'

const STEEL = 0x3a3f44
const LEAVES = [0x46702f, 0x567d38, 0x3b642c, 0x688a41, 0x7b8a3a]

/** Turns a thing's own metres (ahead, up, to the right) into the city's. */
const placed =
  ({ x, z, direction }: Furniture) =>
  (ahead: number, up: number, right: number): Vector => {
    const across = rightOf(direction)
    return [x + direction.x * ahead + across.x * right, up, z + direction.z * ahead + across.z * right]
  }

export function furniture(layout: Layout): Mesh {
  const sculpture = new Sculpture()
  for (const each of layout.trees) tree(sculpture, each)
  for (const each of layout.lamps) lamp(sculpture, each)
  for (const each of layout.signals) mast(sculpture, each)
  for (const each of layout.shelters) shelter(sculpture, each)
  for (const each of layout.cones) cone(sculpture, each)
  return solid(new Mesh(sculpture.geometry(), new MeshLambertMaterial({ vertexColors: true })))
}

function tree(sculpture: Sculpture, { x, z, height, look }: Tree): void {
  const part = (n: number): number => ((look * 1000 * (n + 1)) % 1) - 0.5
  const colour = LEAVES[Math.floor(look * LEAVES.length)]!
  sculpture.cone([0.16, 0.1], [x, 0, z], [x, height * 0.62, z], 0x4d3b2b)
  const crown = height * 0.26
  sculpture.blob(crown, [x, height * 0.74, z], colour)
  for (let n = 0; n < 4; n++) {
    const place: Vector = [
      x + part(n) * crown * 1.7,
      height * (0.7 + part(n + 7) * 0.25),
      z + part(n + 3) * crown * 1.7,
    ]
    sculpture.blob(crown * 0.68, place, colour)
  }
}

export const LAMP_HEIGHT = 7.6
/** Metres from the pole towards the road. */
export const LAMP_REACH = 2.4

function lamp(sculpture: Sculpture, each: Lamp): void {
  const at = placed(each)
  sculpture.cone([0.1, 0.07], at(0, 0, 0), at(0, LAMP_HEIGHT, 0), STEEL)
  sculpture.cylinder(0.05, at(0, LAMP_HEIGHT - 0.1, 0), at(0, LAMP_HEIGHT + 0.1, -LAMP_REACH), STEEL, 5)
  sculpture.cylinder(
    0.13,
    at(-0.25, LAMP_HEIGHT + 0.05, -LAMP_REACH),
    at(0.25, LAMP_HEIGHT + 0.05, -LAMP_REACH),
    0xcfd2d2,
    6,
  )
}

export const lampHead = (each: Lamp): Vector => placed(each)(0, LAMP_HEIGHT - 0.1, -LAMP_REACH)

const ARM = 5.4

/** Where the heads hang: over the lanes and at the pole. */
const HEADS = [
  { right: -ARM, up: 5.6 },
  { right: 0, up: 3.2 },
] as const

function mast(sculpture: Sculpture, signal: Signal): void {
  const at = placed(signal)
  sculpture.cone([0.11, 0.08], at(0, 0, 0), at(0, 6, 0), STEEL)
  sculpture.cylinder(0.06, at(0, 5.9, 0), at(0, 5.9, -ARM), STEEL, 5)
  for (const { right, up } of HEADS)
    sculpture.cylinder(0.2, at(0, up - 0.5, right), at(0, up + 0.5, right), 0x15171a, 6)
}

function shelter(sculpture: Sculpture, each: Furniture): void {
  const at = placed(each)
  for (const ahead of [-2, 2]) sculpture.cylinder(0.05, at(ahead, 0, 0.6), at(ahead, 2.5, 0.6), STEEL, 5)
  sculpture.add(plank(at, 2.4, 2.55), 0x565b60)
  sculpture.add(plank(at, 0.5, 0.6), 0x7a5a3a)
}

function cone(sculpture: Sculpture, { x, z }: Point): void {
  sculpture.box([0.4, 0.05, 0.4], [x, 0.03, z], 0x2a2a2c)
  sculpture.cone([0.17, 0.03], [x, 0.03, z], [x, 0.75, z], 0xe2571c, 8)
  sculpture.cone([0.125, 0.09], [x, 0.3, z], [x, 0.46, z], 0xf0f0ee, 8)
}

/** A board along the street between two heights. */
function plank(at: ReturnType<typeof placed>, low: number, high: number) {
  const board = new Sculpture()
  for (let right = -0.5; right <= 0.6; right += 0.18)
    board.cylinder((high - low) / 2, at(-2.2, (low + high) / 2, right), at(2.2, (low + high) / 2, right), 0)
  return board.geometry()
}

const COLOURS = { red: 0xff3322, amber: 0xffb428, green: 0x36ff78 } as const
const DARK = 0x101211

/** The lenses of all signals; six meshes, one for each colour and axis. */
export class Lenses {
  readonly group = new Group()
  readonly #lit: { material: MeshBasicMaterial; axis: Signal['axis']; colour: keyof typeof COLOURS }[] = []

  constructor(signals: readonly Signal[]) {
    for (const axis of ['north-south', 'east-west'] as const)
      for (const colour of ['red', 'amber', 'green'] as const) {
        const material = new MeshBasicMaterial({ color: DARK })
        const own = signals.filter((signal) => signal.axis === axis)
        this.group.add(new Mesh(merged(own.flatMap((signal) => discs(signal, colour))), material))
        this.#lit.push({ material, axis, colour })
      }
  }

  show(seconds: number): void {
    for (const { material, axis, colour } of this.#lit) {
      material.color.setHex(lightAt(seconds, axis, 'straight') === colour ? COLOURS[colour] : DARK)
    }
  }
}

const DROP = { red: 0.32, amber: 0, green: -0.32 } as const

function discs(signal: Signal, colour: keyof typeof COLOURS) {
  const at = placed(signal)
  return HEADS.map(({ right, up }) => {
    const disc = new CircleGeometry(0.14, 10).rotateY(Math.atan2(-signal.direction.x, -signal.direction.z))
    return disc.translate(...(at(-0.22, up + DROP[colour], right) as [number, number, number]))
  })
}
