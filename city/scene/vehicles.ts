import type { BufferGeometry } from 'three'
import { pick, randomFrom } from '../simulation/random.ts'
import { Sculpture } from './sculpture.ts'

export const PAINTS = [
  0xf2f2f0, 0xe4e5e6, 0xb9bdc1, 0x8a8e93, 0x55595e, 0x2a2c30, 0x141518, 0x9e1b1b, 0x6f1414, 0x1d3f7a, 0x2a6fb0,
  0x27503a, 0x5b4630, 0xc8b48a, 0xd0a51e, 0xd9641e, 0x7a8fa6, 0x3f2a4a,
]
export const GLASS = 0x141b22
export const TRIM = 0x1c1d20
export const HEADLAMP = 0xe9edf0
export const TAILLAMP = 0x8a1010
const PLATE = 0xe6e4d8

type Side = readonly (readonly [number, number])[]

/** A car of 4.4 m: saloon, hatchback, estate, off-roader, pick-up or taxi. */
export function car(look: number): BufferGeometry {
  const random = randomFrom(Math.floor(look * 2 ** 31) + 5)
  const body = pick(random, [saloon, hatchback, hatchback, estate, offRoader, offRoader, pickUp])
  const paint = pick(random, PAINTS)
  const figure = new Sculpture()
  const shape = body()
  figure.profile(shape.lower, 1.8, paint)
  figure.profile(shape.glass, 1.66, GLASS, 0.16)
  figure.profile(shape.roof, 1.5, paint, 0.05)
  for (const pillar of shape.pillars) figure.profile(pillar, 1.68, paint, 0.16)
  carDetails(figure, shape.belt, shape.lift)
  if (random() < 0.08) figure.box([0.3, 0.16, 0.7], [-0.1, shape.top + 0.09, 0], 0xf2c91e)
  return figure.geometry()
}

interface Body {
  readonly lower: Side
  readonly glass: Side
  readonly roof: Side
  readonly pillars: readonly Side[]
  /** Heights, metres: of the window sill, of the roof, of the wheels' axis above that of a saloon. */
  readonly belt: number
  readonly top: number
  readonly lift: number
}

/** A car by where its windows begin and end: bonnet, windscreen, rear window, tail; all x in metres. */
function bodyFrom(windscreen: readonly [number, number], rear: readonly [number, number], top: number, lift = 0): Body {
  const belt = 0.92 + lift
  const floor = 0.3 + lift
  const roof = top - 0.05
  return {
    lower: [
      [-2.16, floor],
      [2.12, floor],
      [2.18, 0.6 + lift],
      [2.02, 0.74 + lift],
      [windscreen[0], belt],
      [rear[0], belt],
      [-2.1, belt - 0.06],
      [-2.18, 0.6 + lift],
    ],
    glass: [
      [windscreen[0], belt - 0.03],
      [windscreen[1], roof],
      [rear[1], roof],
      [rear[0], belt - 0.03],
    ],
    roof: [
      [windscreen[1] + 0.05, roof - 0.05],
      [windscreen[1] - 0.1, top],
      [rear[1] + 0.1, top],
      [rear[1] - 0.05, roof - 0.05],
    ],
    pillars: [pillar(-0.25, belt, roof), pillar((rear[0] + rear[1]) / 2 + 0.42, belt, roof)],
    belt,
    top,
    lift,
  }
}

const pillar = (x: number, belt: number, roof: number): Side => [
  [x - 0.05, belt - 0.02],
  [x + 0.07, belt - 0.02],
  [x + 0.05, roof],
  [x - 0.07, roof],
]

const saloon = (): Body => bodyFrom([0.95, 0.28], [-1.6, -0.95], 1.43)
const hatchback = (): Body => bodyFrom([1.0, 0.35], [-2.02, -1.55], 1.48)
const estate = (): Body => bodyFrom([0.95, 0.28], [-2.1, -1.85], 1.46)
const offRoader = (): Body => bodyFrom([1.05, 0.5], [-2.12, -1.85], 1.7, 0.13)
const pickUp = (): Body => bodyFrom([0.95, 0.4], [-0.75, -0.6], 1.68, 0.13)

function carDetails(figure: Sculpture, belt: number, lift: number): void {
  const radius = 0.32 + lift * 0.3
  for (const x of [1.36, -1.32]) for (const z of [0.8, -0.8]) figure.wheel(radius, 0.2, [x, radius, z])
  for (const z of [0.64, -0.64]) {
    figure.box([0.08, 0.13, 0.36], [2.13, 0.66 + lift, z], HEADLAMP)
    figure.box([0.08, 0.15, 0.3], [-2.14, belt - 0.16, z], TAILLAMP)
    figure.box([0.16, 0.12, 0.16], [0.72, belt + 0.08, z * 1.45], TRIM)
  }
  figure.box([0.06, 0.16, 0.86], [2.15, 0.46 + lift, 0], TRIM)
  figure.box([0.05, 0.11, 0.5], [-2.18, 0.62 + lift, 0], PLATE)
  figure.box([0.05, 0.11, 0.5], [2.19, 0.5 + lift, 0], PLATE)
}

/** A van or minibus of 5.5 m. */
export function van(look: number): BufferGeometry {
  const random = randomFrom(Math.floor(look * 2 ** 31) + 6)
  const figure = new Sculpture()
  const paint = random() < 0.5 ? 0xf0f0ee : pick(random, PAINTS)
  figure.profile(
    [
      [-2.72, 0.38],
      [2.66, 0.38],
      [2.72, 0.8],
      [2.55, 1.1],
      [1.95, 1.28],
      [1.3, 2.18],
      [1.1, 2.27],
      [-2.65, 2.27],
      [-2.74, 0.9],
    ],
    1.98,
    paint,
    0.06,
  )
  figure.profile(
    [
      [2.0, 1.3],
      [1.36, 2.12],
      [1.24, 2.08],
      [1.86, 1.26],
    ],
    1.8,
    GLASS,
  )
  figure.profile(
    [
      [1.78, 1.26],
      [1.26, 2.0],
      [0.75, 2.0],
      [0.75, 1.26],
    ],
    2.0,
    GLASS,
    0.05,
  )
  if (random() < 0.4)
    figure.profile(
      [
        [0.55, 1.28],
        [0.55, 1.98],
        [-2.4, 1.98],
        [-2.4, 1.28],
      ],
      2.0,
      GLASS,
      0.05,
    )
  figure.box([0.04, 0.5, 1.5], [-2.73, 1.7, 0], GLASS)
  for (const x of [1.78, -1.7]) for (const z of [0.88, -0.88]) figure.wheel(0.35, 0.22, [x, 0.35, z])
  lamps(figure, 2.7, 0.86, 0.78)
  return figure.geometry()
}

/** Head and tail lamps and number plates at both ends of a vehicle that is flat there. */
export function lamps(figure: Sculpture, front: number, height: number, z: number, rear = -front): void {
  for (const side of [z, -z]) {
    figure.box([0.08, 0.2, 0.3], [front, height, side], HEADLAMP)
    figure.box([0.08, 0.28, 0.16], [rear - 0.02, height + 0.1, side * 1.08], TAILLAMP)
  }
  figure.box([0.05, 0.12, 0.5], [front + 0.02, height - 0.28, 0], PLATE)
  figure.box([0.05, 0.12, 0.5], [rear - 0.03, height - 0.15, 0], PLATE)
}
