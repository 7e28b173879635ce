import type { BufferGeometry } from 'three'
import { GAITS, head, type Outfit, outfitOf } from './people.ts'
import { Sculpture, type Vector } from './sculpture.ts'

const FRAMES = [0xb02a2a, 0x1f4f8f, 0x20242a, 0xd9d9d9, 0x2f7a4a, 0xe08a1e]
const HELMETS = [0xe8e8e8, 0xc23a2c, 0x2c5fd0, 0x17181a, 0xe0c020]

const paint = (look: number, paints: readonly number[]): number =>
  paints[Math.floor(((look * 37.7) % 1) * paints.length)]!

/** Metres ridden in which the pedals go round once. */
export const PEDAL_TURN = 4.4

/** A bicycle with its rider, the pedals at one of `GAITS` positions. */
export function bicycle(look: number, gait: number): BufferGeometry {
  const figure = new Sculpture()
  const frame = paint(look, FRAMES)
  for (const x of [-0.53, 0.53]) figure.tyre(0.35, 0.025, [x, 0.35, 0])
  bar(figure, [-0.53, 0.35, 0], [-0.12, 0.3, 0], frame)
  bar(figure, [-0.53, 0.35, 0], [-0.22, 0.82, 0], frame)
  bar(figure, [-0.12, 0.3, 0], [-0.25, 0.92, 0], frame)
  bar(figure, [-0.12, 0.3, 0], [0.36, 0.78, 0], frame)
  bar(figure, [-0.2, 0.8, 0], [0.36, 0.84, 0], frame)
  bar(figure, [0.53, 0.35, 0], [0.33, 0.98, 0], frame)
  figure.box([0.06, 0.05, 0.52], [0.32, 1.02, 0], 0x222222)
  figure.box([0.27, 0.07, 0.15], [-0.27, 0.95, 0], 0x1a1a1a)
  rider(figure, outfitOf(look), look, {
    hip: [-0.24, 1.0, 0],
    hands: [0.3, 1.05, 0],
    lean: 0.5,
    crank: [-0.12, 0.3, 0],
    gait,
  })
  return figure.geometry()
}

const bar = (figure: Sculpture, from: Vector, to: Vector, colour: number): Sculpture =>
  figure.cylinder(0.022, from, to, colour, 5)

/** A motorcycle or a scooter with its rider. */
export function motorcycle(look: number): BufferGeometry {
  const figure = new Sculpture()
  const body = paint(look, FRAMES)
  const scooter = look % 0.1 < 0.04
  const radius = scooter ? 0.25 : 0.31
  for (const x of [-0.68, 0.7]) {
    figure.tyre(radius, 0.07, [x, radius, 0])
    figure.cylinder(radius * 0.5, [x, radius, -0.06], [x, radius, 0.06], 0x6d7075, 8)
  }
  scooter ? scooterBody(figure, body) : motorcycleBody(figure, body)
  figure.cylinder(0.035, [0.7, radius, 0.08], [0.42, 0.98, 0.06], 0x7d8186, 5)
  figure.box([0.06, 0.05, 0.7], [0.4, 1.02, 0], 0x202124)
  figure.box([0.12, 0.18, 0.22], [0.56, 0.88, 0], 0xdfe4e8)
  figure.box([0.05, 0.09, 0.2], [-0.92, 0.72, 0], 0x8a1414)
  rider(figure, outfitOf(look), look, {
    hip: [-0.22, 0.88, 0],
    hands: [0.36, 1.05, 0],
    lean: 0.22,
    crank: [0.08, 0.4, 0],
    gait: undefined,
  })
  return figure.geometry()
}

function motorcycleBody(figure: Sculpture, body: number): void {
  figure.box([0.62, 0.34, 0.3], [0, 0.48, 0], 0x3a3d41)
  figure.profile(
    [
      [-0.15, 0.68],
      [0.36, 0.7],
      [0.3, 0.98],
      [-0.1, 0.86],
    ],
    0.34,
    body,
  )
  figure.profile(
    [
      [-0.95, 0.78],
      [-0.1, 0.68],
      [-0.1, 0.82],
      [-0.6, 0.86],
      [-0.95, 0.92],
    ],
    0.3,
    0x1b1c1f,
  )
  figure.cylinder(0.06, [-0.9, 0.42, 0.2], [0, 0.36, 0.2], 0x9a9ea3, 6)
}

function scooterBody(figure: Sculpture, body: number): void {
  figure.profile(
    [
      [-0.95, 0.45],
      [-0.1, 0.32],
      [-0.05, 0.78],
      [-0.95, 0.86],
    ],
    0.4,
    body,
  )
  figure.profile(
    [
      [0.28, 0.3],
      [0.42, 0.3],
      [0.5, 0.98],
      [0.36, 0.98],
    ],
    0.42,
    body,
  )
  figure.box([0.5, 0.08, 0.36], [0.15, 0.3, 0], 0x3a3d41)
  figure.box([0.6, 0.1, 0.3], [-0.5, 0.9, 0], 0x1b1c1f)
  figure.box([0.34, 0.34, 0.36], [-0.98, 1.08, 0], paint(body / 2 ** 24, HELMETS))
}

interface Seat {
  readonly hip: Vector
  readonly hands: Vector
  /** Radians forward. */
  readonly lean: number
  /** The axis of the pedals, or where the feet rest. */
  readonly crank: Vector
  readonly gait: number | undefined
}

const TORSO = 0.52

function rider(figure: Sculpture, outfit: Outfit, look: number, { hip, hands, lean, crank, gait }: Seat): void {
  const neck: Vector = [hip[0] + Math.sin(lean) * TORSO, hip[1] + Math.cos(lean) * TORSO, 0]
  figure.cone([0.15, 0.19], [hip[0], hip[1] - 0.06, 0], neck, outfit.top, 8)
  figure.ball(0.18, neck, outfit.top, [0.8, 0.5, 1.15])
  const top: Vector = [neck[0] + 0.06, neck[1] + 0.22, 0]
  head(figure, outfit, top)
  figure.ball(gait === undefined ? 0.155 : 0.14, [top[0] - 0.01, top[1] + 0.03, 0], paint(look * 3.1, HELMETS))
  for (const side of [1, -1]) {
    const elbow: Vector = [(neck[0] + hands[0]) / 2, (neck[1] + hands[1]) / 2 - 0.12, side * 0.28]
    figure.cone([0.06, 0.05], [neck[0], neck[1] - 0.03, side * 0.2], elbow, outfit.top)
    figure.cone([0.05, 0.04], elbow, [hands[0], hands[1], side * 0.24], outfit.top)
    seatedLeg(figure, outfit, hip, crank, side, gait)
  }
}

function seatedLeg(
  figure: Sculpture,
  { trousers, shoes }: Outfit,
  hip: Vector,
  crank: Vector,
  side: number,
  gait: number | undefined,
): void {
  const angle = gait === undefined ? 0 : (gait / GAITS) * 2 * Math.PI + (side > 0 ? 0 : Math.PI)
  const reach = gait === undefined ? 0 : 0.16
  const foot: Vector = [crank[0] + Math.cos(angle) * reach, crank[1] - Math.sin(angle) * reach, side * 0.13]
  const knee: Vector = [(hip[0] + foot[0]) / 2 + 0.24, (hip[1] + foot[1]) / 2 + 0.12, side * 0.13]
  figure.cone([0.09, 0.07], [hip[0], hip[1] - 0.05, side * 0.09], knee, trousers)
  figure.cone([0.07, 0.05], knee, foot, trousers)
  figure.box([0.24, 0.07, 0.1], [foot[0] + 0.05, foot[1] - 0.02, foot[2]], shoes)
}
