import type { BufferGeometry } from 'three'
import { pick, type Random, randomFrom } from '../simulation/random.ts'
import { Sculpture, type Vector } from './sculpture.ts'

const SKINS = [0xe8bd9b, 0xd9a37c, 0xc68a62, 0x9a6744, 0x6f4a31]
const HAIRS = [0x1d1712, 0x2f2018, 0x4f3521, 0x8a6a3a, 0x9c9a96, 0x6b2e1c]
const TOPS = [
  0x2b3a55, 0x8c2f2b, 0xd9d6cf, 0x3b5d46, 0xc9a227, 0x22252a, 0x6d7f96, 0xb85c38, 0x7a4b7e, 0x4a90a4, 0xe0e3e6,
  0x5b5247,
]
const TROUSERS = [0x24304a, 0x2e2e30, 0x6b5a45, 0x3d4a5c, 0x14161a, 0x8a8478]
const SHOES = [0x1a1a1a, 0x4a3626, 0xd8d8d8]

/** What somebody wears. */
export interface Outfit {
  readonly skin: number
  readonly hair: number
  readonly top: number
  readonly trousers: number
  readonly shoes: number
  readonly extra: 'none' | 'rucksack' | 'skirt' | 'coat' | 'bag' | 'hat'
  /** Times 1.75 m. */
  readonly size: number
}

export function outfitOf(look: number): Outfit {
  const random = randomFrom(Math.floor(look * 2 ** 31))
  const extras = ['none', 'none', 'rucksack', 'skirt', 'coat', 'bag', 'hat'] as const
  return {
    skin: pick(random, SKINS),
    hair: pick(random, HAIRS),
    top: pick(random, TOPS),
    trousers: pick(random, TROUSERS),
    shoes: pick(random, SHOES),
    extra: pick(random, extras),
    size: sizeOf(random),
  }
}

const sizeOf = (random: Random): number => (random() < 0.1 ? 0.65 + random() * 0.15 : 0.9 + random() * 0.17)

/** Steps of a walking figure that differ; one step to the left and one to the right. */
export const GAITS = 8
/** Metres walked in which both legs have gone once. */
export const STRIDE = 1.45

/** A walking person at one of `GAITS` phases, or standing. */
export function walker(look: number, gait: number | undefined): BufferGeometry {
  const outfit = outfitOf(look)
  const angle = gait === undefined ? 0 : (gait / GAITS) * 2 * Math.PI
  const swing = gait === undefined ? 0 : Math.sin(angle) * 0.48
  const figure = new Sculpture()
  for (const side of [1, -1]) {
    const lift = gait === undefined ? 0 : Math.max(0, Math.cos(angle) * side)
    leg(figure, outfit, side, swing * side, lift * 0.55)
    arm(figure, outfit, side, -swing * side * 0.8)
  }
  torso(figure, outfit)
  head(figure, outfit, [0.02, 1.6, 0])
  return figure.geometry().scale(outfit.size, outfit.size, outfit.size)
}

const HIP = 0.9
const THIGH = 0.44
const SHIN = 0.44

function leg(
  figure: Sculpture,
  { trousers, shoes, skin, extra }: Outfit,
  side: number,
  swing: number,
  bend: number,
): void {
  const z = side * 0.1
  const knee: Vector = [Math.sin(swing) * THIGH, HIP - Math.cos(swing) * THIGH, z]
  const lower = swing - bend
  const foot: Vector = [knee[0] + Math.sin(lower) * SHIN, knee[1] - Math.cos(lower) * SHIN, z]
  figure.cone([0.095, 0.075], [0, HIP, z], knee, trousers)
  figure.cone([0.075, 0.05], knee, foot, extra === 'skirt' ? skin : trousers)
  figure.box([0.26, 0.08, 0.1], [foot[0] + 0.06, Math.max(0.04, foot[1] - 0.01), z], shoes)
}

function arm(figure: Sculpture, { top, skin }: Outfit, side: number, swing: number): void {
  const shoulder: Vector = [0, 1.38, side * 0.21]
  const elbow: Vector = [Math.sin(swing) * 0.29, 1.38 - Math.cos(swing) * 0.29, side * 0.25]
  const hand: Vector = [elbow[0] + Math.sin(swing + 0.35) * 0.26, elbow[1] - Math.cos(swing + 0.35) * 0.26, side * 0.25]
  figure.cone([0.062, 0.05], shoulder, elbow, top)
  figure.cone([0.05, 0.04], elbow, hand, top)
  figure.ball(0.05, hand, skin)
}

function torso(figure: Sculpture, { top, trousers, extra, hair }: Outfit): void {
  figure.cone([0.16, 0.2], [0, 0.86, 0], [0, 1.4, 0], top, 8)
  figure.ball(0.2, [0, 1.38, 0], top, [0.75, 0.5, 1.1])
  figure.cone([0.15, 0.16], [0, 0.8, 0], [0, 0.95, 0], trousers, 8)
  if (extra === 'rucksack') figure.box([0.18, 0.42, 0.3], [-0.22, 1.2, 0], hair)
  if (extra === 'coat') figure.cone([0.23, 0.19], [0, 0.55, 0], [0, 1.2, 0], top, 8)
  if (extra === 'skirt') figure.cone([0.26, 0.16], [0, 0.52, 0], [0, 0.98, 0], trousers, 8)
  if (extra === 'bag') figure.box([0.3, 0.26, 0.1], [0.03, 0.66, 0.33], hair)
}

export function head(figure: Sculpture, { skin, hair, extra, top }: Outfit, [x, y, z]: Vector): void {
  figure.cone([0.055, 0.055], [x - 0.02, y - 0.2, z], [x, y - 0.05, z], skin)
  figure.ball(0.115, [x, y, z], skin, [1, 1.15, 0.9])
  figure.ball(0.122, [x - 0.025, y + 0.035, z], hair, [1, 1, 0.95])
  if (extra === 'hat') figure.cone([0.17, 0.1], [x, y + 0.06, z], [x, y + 0.17, z], top, 8)
}
