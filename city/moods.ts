import { between, type Random } from './simulation/random.ts'

export const MOODS = ['day', 'dusk', 'night', 'rain', 'fog'] as const
export type Mood = (typeof MOODS)[number]

/** Light and weather. Colours are sRGB, 0xrrggbb. */
export interface Light {
  readonly zenith: number
  readonly horizon: number
  /** Colours and strength of the light from everywhere. */
  readonly sky: number
  readonly bounce: number
  readonly ambient: number
  readonly sunColour: number
  /** Strength; 0 where clouds hide it. */
  readonly sun: number
  /** Degrees clockwise from north, degrees above the horizon. */
  readonly azimuth: number
  readonly elevation: number
  /** Metres at which the haze begins and at which nothing is left. */
  readonly haze: readonly [number, number]
  readonly exposure: number
  /** In [0, 1]: lit windows, street lamps, headlights, water on the road, falling rain. */
  readonly windows: number
  readonly lamps: number
  readonly headlights: number
  readonly wet: number
  readonly rain: number
}

const DRY = { wet: 0, rain: 0 } as const

export const LIGHTS: Record<Mood, Light> = {
  day: {
    zenith: 0x4a86cc,
    horizon: 0xcddcea,
    sky: 0xc9dcf5,
    bounce: 0x8f887c,
    ambient: 2.3,
    sunColour: 0xfff1dc,
    sun: 3,
    azimuth: 150,
    elevation: 48,
    haze: [90, 620],
    exposure: 0.9,
    windows: 0,
    lamps: 0,
    headlights: 0,
    ...DRY,
  },
  dusk: {
    zenith: 0x34497c,
    horizon: 0xeea56c,
    sky: 0x8f96c4,
    bounce: 0x6b5a56,
    ambient: 2.3,
    sunColour: 0xff9c58,
    sun: 1.9,
    azimuth: 285,
    elevation: 15,
    haze: [70, 480],
    exposure: 1.15,
    windows: 0.5,
    lamps: 0.22,
    headlights: 0.6,
    ...DRY,
  },
  night: {
    zenith: 0x070a14,
    horizon: 0x202838,
    sky: 0x6a6f8a,
    bounce: 0x4a3f33,
    ambient: 1.2,
    sunColour: 0x93a8e6,
    sun: 0,
    azimuth: 200,
    elevation: 60,
    haze: [60, 420],
    exposure: 1.15,
    windows: 0.75,
    lamps: 1,
    headlights: 1,
    ...DRY,
  },
  rain: {
    zenith: 0x78828c,
    horizon: 0xa3acb4,
    sky: 0xc4ccd6,
    bounce: 0x6f7174,
    ambient: 1.9,
    sunColour: 0xdfe6ee,
    sun: 0,
    azimuth: 180,
    elevation: 70,
    haze: [35, 260],
    exposure: 0.6,
    windows: 0.2,
    lamps: 0.15,
    headlights: 0.7,
    wet: 1,
    rain: 1,
  },
  fog: {
    zenith: 0xb6bcc0,
    horizon: 0xbfc5c8,
    sky: 0xd2d6da,
    bounce: 0x8b8b88,
    ambient: 2,
    sunColour: 0xffffff,
    sun: 0,
    azimuth: 180,
    elevation: 70,
    haze: [8, 95],
    exposure: 0.6,
    windows: 0.15,
    lamps: 0.2,
    headlights: 0.6,
    ...DRY,
  },
}

/** What happens between the street and the file: optics, sensor, compression. */
export interface Lens {
  /** Pixels, standard deviation. */
  readonly blur: number
  /** Standard deviation of a channel in [0, 1]. */
  readonly noise: number
  /** Darkening of the corners, in [0, 1]. */
  readonly vignette: number
  /** Radial: a pixel at distance r of the middle (half diagonals) shows what lies at r·(1 + k·r²)/(1 + k). */
  readonly distortion: number
  readonly gain: number
  readonly saturation: number
  /** FFmpeg's quantiser scale of the JPEG, 2 (best) to 31. */
  readonly quantiser: number
}

export const CLEAN_LENS: Lens = {
  blur: 0,
  noise: 0.006,
  vignette: 0.12,
  distortion: 0,
  gain: 1,
  saturation: 1,
  quantiser: 3,
}

/** Factors on the colours of road, pavement and walls, linear red, green, blue. */
export interface Tints {
  readonly road: Tint
  readonly pavement: Tint
  readonly wall: Tint
}
type Tint = readonly [number, number, number]

export const PLAIN_TINTS: Tints = { road: [1, 1, 1], pavement: [1, 1, 1], wall: [1, 1, 1] }

/** The same mood on another day: sun elsewhere, other colours, some days without it. */
export function anotherLight(mood: Mood, random: Random): Light {
  const light = LIGHTS[mood]
  const cloudy = mood === 'day' && random() < 0.3
  return {
    ...light,
    ...(cloudy && { sun: 0, zenith: 0x98a3ae, horizon: 0xc6ccd1, ambient: light.ambient * 1.35 }),
    ...(!cloudy && { sun: light.sun * between(random, 0.7, 1.25) }),
    azimuth: between(random, 0, 360),
    elevation: mood === 'dusk' ? between(random, 9, 24) : between(random, 22, 68),
    sky: shifted(light.sky, random),
    sunColour: shifted(light.sunColour, random),
    exposure: light.exposure * between(random, 0.8, 1.25),
    haze: [light.haze[0], light.haze[1] * between(random, 0.75, 1.3)],
    headlights: light.headlights * between(random, 0.6, 1.2),
    lamps: light.lamps * between(random, 0.5, 1.2),
  }
}

/** A colour whose channels have each moved a little. */
function shifted(colour: number, random: Random): number {
  const channel = (shift: number): number =>
    Math.min(255, Math.round(((colour >> shift) & 255) * between(random, 0.88, 1.1)))
  return (channel(16) << 16) | (channel(8) << 8) | channel(0)
}

export function anotherLens(random: Random): Lens {
  const often = (share: number, value: number): number => (random() < share ? value : 0)
  return {
    blur: often(0.5, between(random, 0.2, 1.1)),
    noise: between(random, 0.002, 0.035),
    vignette: between(random, 0, 0.45),
    distortion: often(0.4, between(random, -0.04, 0.14)),
    gain: between(random, 0.8, 1.25),
    saturation: between(random, 0.55, 1.2),
    quantiser: Math.round(between(random, 2, 11)),
  }
}

export function anotherTints(random: Random): Tints {
  const tint = (spread: number): Tint => {
    const grey = between(random, 1 - spread, 1 + spread)
    const channel = (): number => grey * between(random, 0.92, 1.08)
    return [channel(), channel(), channel()]
  }
  return { road: tint(0.4), pavement: tint(0.3), wall: tint(0.35) }
}
