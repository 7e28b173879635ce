import type { BufferGeometry } from 'three'
import { pick, type Random, randomFrom } from '../simulation/random.ts'
import { Sculpture } from './sculpture.ts'

const PAINTS = [
  0xf2f2f0, 0xe4e5e6, 0xb9bdc1, 0x8a8e93, 0x55595e, 0x2a2c30, 0x141518, 0x9e1b1b, 0x6f1414, 0x1d3f7a, 0x2a6fb0,
  0x27503a, 0x5b4630, 0xc8b48a, 0xd0a51e, 0xd9641e, 0x7a8fa6, 0x3f2a4a,
]
const GLASS = 0x141b22
const TRIM = 0x1c1d20
const HEADLAMP = 0xe9edf0
const TAILLAMP = 0x8a1010
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

function lamps(figure: Sculpture, front: number, height: number, z: number, rear = -front): void {
  for (const side of [z, -z]) {
    figure.box([0.08, 0.2, 0.3], [front, height, side], HEADLAMP)
    figure.box([0.08, 0.28, 0.16], [rear - 0.02, height + 0.1, side * 1.08], TAILLAMP)
  }
  figure.box([0.05, 0.12, 0.5], [front + 0.02, height - 0.28, 0], PLATE)
  figure.box([0.05, 0.12, 0.5], [rear - 0.03, height - 0.15, 0], PLATE)
}

const CARGO = [0xe8e6e0, 0xc9ced2, 0xf4f4f2, 0x9db4c4, 0x7c2b26, 0x2f5a84, 0x3d6b4a, 0xd8a83a]

/** A lorry of 8.4 m: box, curtain side, tipper, tanker or flatbed. */
export function truck(look: number): BufferGeometry {
  const random = randomFrom(Math.floor(look * 2 ** 31) + 7)
  const figure = new Sculpture()
  cab(figure, pick(random, PAINTS))
  figure.box([8.0, 0.24, 0.9], [-0.1, 0.82, 0], TRIM)
  pick(random, [boxLoad, boxLoad, boxLoad, tipper, tanker, flatbed])(figure, random)
  for (const x of [3.0, -2.2, -3.3]) for (const z of [0.98, -0.98]) figure.wheel(0.48, 0.34, [x, 0.48, z])
  figure.box([0.1, 0.2, 2.3], [-4.15, 0.66, 0], TRIM)
  for (const z of [1, -1]) figure.box([0.08, 0.16, 0.3], [-4.2, 0.82, z], TAILLAMP)
  return figure.geometry()
}

function cab(figure: Sculpture, paint: number): void {
  figure.profile(
    [
      [2.3, 0.5],
      [4.18, 0.5],
      [4.2, 1.35],
      [4.02, 2.62],
      [3.8, 2.78],
      [2.3, 2.78],
    ],
    2.4,
    paint,
    0.03,
  )
  figure.profile(
    [
      [4.24, 1.45],
      [4.08, 2.42],
      [3.98, 2.42],
      [4.1, 1.45],
    ],
    2.2,
    GLASS,
    0.03,
  )
  figure.profile(
    [
      [4.0, 1.5],
      [3.9, 2.3],
      [3.1, 2.3],
      [3.1, 1.5],
    ],
    2.42,
    GLASS,
    0.03,
  )
  figure.box([0.06, 0.3, 1.5], [4.2, 1.0, 0], TRIM)
  for (const z of [0.92, -0.92]) figure.box([0.08, 0.2, 0.34], [4.2, 0.78, z], HEADLAMP)
  for (const z of [1.32, -1.32]) figure.box([0.12, 0.5, 0.16], [3.95, 1.95, z], TRIM)
}

function boxLoad(figure: Sculpture, random: Random): void {
  figure.box([6.2, 2.42, 2.44], [-1.08, 2.16, 0], pick(random, CARGO))
  if (random() < 0.6) figure.box([3.2, 0.9, 2.47], [-1.08, 2.4, 0], pick(random, CARGO))
  figure.box([0.03, 2.2, 0.05], [-4.2, 2.12, 0], TRIM)
}

function tipper(figure: Sculpture, random: Random): void {
  figure.profile(
    [
      [-4.2, 1.0],
      [1.9, 1.0],
      [2.1, 2.3],
      [-4.3, 2.2],
    ],
    2.4,
    pick(random, CARGO),
  )
  figure.box([5.6, 0.3, 2.1], [-1.1, 2.2, 0], 0x5a4a3a)
}

function tanker(figure: Sculpture, random: Random): void {
  figure.cylinder(1.15, [-4.15, 2.1, 0], [2.0, 2.1, 0], pick(random, CARGO), 14)
  figure.box([5.4, 0.08, 0.6], [-1.1, 3.28, 0], 0x7a7d80)
}

function flatbed(figure: Sculpture, random: Random): void {
  figure.box([6.2, 0.16, 2.42], [-1.08, 1.05, 0], 0x6b5a45)
  for (const x of [-2.9, -0.6, 1])
    if (random() < 0.8) figure.box([1.4, 0.5 + random() * 1.1, 2], [x, 1.5, 0], pick(random, CARGO))
  figure.box([0.1, 1.2, 2.4], [1.98, 1.7, 0], TRIM)
}

const LIVERIES = [0xb3202a, 0xd8b021, 0x1f5fa8, 0xe8e8e4, 0x2f7d4f, 0xd46a1e, 0x6a7f8f]

/** A city bus of 11.6 m. */
export function bus(look: number): BufferGeometry {
  const random = randomFrom(Math.floor(look * 2 ** 31) + 8)
  const figure = new Sculpture()
  const paint = pick(random, LIVERIES)
  figure.profile(
    [
      [-5.76, 0.34],
      [5.7, 0.34],
      [5.78, 1.2],
      [5.62, 2.98],
      [5.5, 3.04],
      [-5.7, 3.04],
      [-5.78, 1],
    ],
    2.52,
    paint,
  )
  if (random() < 0.5) figure.box([11.3, 0.62, 2.54], [-0.05, 0.72, 0], pick(random, LIVERIES))
  for (let x = -5.1; x < 4.6; x += 1.5) figure.box([1.34, 1.0, 2.55], [x + 0.6, 2.0, 0], GLASS)
  for (const x of [4.1, -0.6]) figure.box([1.1, 2.1, 0.04], [x, 1.45, 1.27], 0x26313a)
  figure.profile(
    [
      [5.8, 1.15],
      [5.68, 2.6],
      [5.5, 2.6],
      [5.6, 1.15],
    ],
    2.3,
    GLASS,
  )
  figure.box([0.08, 0.3, 1.7], [5.64, 2.8, 0], 0x2a1d08)
  figure.box([0.09, 0.18, 1.3], [5.65, 2.8, 0], 0xffb52e)
  figure.box([0.05, 0.9, 2.1], [-5.78, 2.2, 0], GLASS)
  figure.box([3, 0.28, 1.7], [-2, 3.14, 0], 0xd5d7d8)
  for (const x of [3.1, -2.6]) for (const z of [1.02, -1.02]) figure.wheel(0.48, 0.32, [x, 0.48, z])
  lamps(figure, 5.74, 0.86, 0.98, -5.74)
  return figure.geometry()
}
