import type { BufferGeometry } from 'three'
import { pick, type Random, randomFrom } from '../simulation/random.ts'
import { Sculpture } from './sculpture.ts'
import { GLASS, HEADLAMP, lamps, PAINTS, TAILLAMP, TRIM } from './vehicles.ts'

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
