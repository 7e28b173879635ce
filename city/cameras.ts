/** A traffic camera in the city's metres: x to the east, z to the south, height above the road. */
export interface CityCamera {
  readonly name: string
  readonly x: number
  readonly z: number
  /** Metres. */
  readonly height: number
  /** Degrees clockwise from north. */
  readonly heading: number
  /** Degrees below the horizon. */
  readonly tilt: number
  /** Vertical field of view, degrees. */
  readonly view: number
}

export const PICTURE = { width: 640, height: 360 } as const

/** The fictional district lies in the open Atlantic, where no real street can be mistaken for one of its own. */
const ORIGIN = { latitude: 30, longitude: -40 } as const
/** Metres in a degree of latitude on a sphere of 6,371 km. */
const DEGREE = 111_195

/** Ten views on the default seed's traffic. */
export const CAMERAS: readonly CityCamera[] = [
  { name: 'north-west-junction', x: -76, z: -42, height: 9, heading: 45, tilt: 19, view: 52 },
  { name: 'north-east-junction', x: 76, z: -42, height: 9, heading: 315, tilt: 19, view: 52 },
  { name: 'south-west-junction', x: -44, z: 76, height: 10, heading: 315, tilt: 20, view: 52 },
  { name: 'south-east-junction', x: 44, z: 42, height: 8, heading: 135, tilt: 18, view: 54 },
  { name: 'north-street-gantry', x: -8, z: -60, height: 8, heading: 90, tilt: 14, view: 48 },
  { name: 'west-street-gantry', x: -60, z: 20, height: 8, heading: 0, tilt: 14, view: 48 },
  { name: 'east-crossing', x: 72, z: 46, height: 7, heading: 215, tilt: 18, view: 50 },
  { name: 'bus-stop-south', x: -60, z: 162, height: 7, heading: 0, tilt: 12, view: 44 },
  { name: 'roadworks-east', x: 100, z: -61, height: 7.5, heading: 86, tilt: 13, view: 46 },
  { name: 'bicycle-lane-south', x: 8, z: 70, height: 7, heading: 285, tilt: 12, view: 46 },
]

/** Nine numbers, row by row. */
export type Homography = readonly [number, number, number, number, number, number, number, number, number]

type Vector = readonly [east: number, up: number, south: number]

const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** The camera's own unit vectors in the city. */
export function axesOf({ heading, tilt }: CityCamera): { forward: Vector; right: Vector; down: Vector } {
  const east = Math.sin(radians(heading))
  const south = -Math.cos(radians(heading))
  const level = Math.cos(radians(tilt))
  const sink = Math.sin(radians(tilt))
  return {
    forward: [east * level, -sink, south * level],
    right: [-south, 0, east],
    down: [-east * sink, -level, -south * sink],
  }
}

/** Pixels: the distance of the picture from the pinhole. */
export const focalLengthOf = ({ view }: CityCamera): number => PICTURE.height / 2 / Math.tan(radians(view) / 2)

/** Maps a pixel (u, v, 1) to (x·w, z·w, w) on the road; w ≤ 0 is at or above the horizon. */
export function homographyOf(camera: CityCamera): Homography {
  const { x, z, height } = camera
  const [east, up, south] = raysOf(camera)
  const on = (place: number, across: Vector, index: 0 | 1 | 2): number => height * across[index] - place * up[index]
  return [
    ...([on(x, east, 0), on(x, east, 1), on(x, east, 2)] as const),
    ...([on(z, south, 0), on(z, south, 1), on(z, south, 2)] as const),
    ...([-up[0], -up[1], -up[2]] as const),
  ]
}

/** For each direction of the city, how the sight ray of a pixel (u, v, 1) points along it. */
function raysOf(camera: CityCamera): readonly [Vector, Vector, Vector] {
  const { forward, right, down } = axesOf(camera)
  const focal = focalLengthOf(camera)
  const ray = (axis: 0 | 1 | 2): Vector => {
    const u = right[axis] / focal
    const v = down[axis] / focal
    return [u, v, forward[axis] - (u * PICTURE.width) / 2 - (v * PICTURE.height) / 2]
  }
  return [ray(0), ray(1), ray(2)]
}

/** The place on the road under a pixel, metres; undefined above the horizon. */
export function roadAt(camera: CityCamera, u: number, v: number): { x: number; z: number } | undefined {
  const [a, b, c, d, e, f, g, h, i] = homographyOf(camera)
  const scale = g * u + h * v + i
  return scale > 0 ? { x: (a * u + b * v + c) / scale, z: (d * u + e * v + f) / scale } : undefined
}

/** Degrees, for the map. */
export function positionOf({ x, z }: { readonly x: number; readonly z: number }): {
  latitude: number
  longitude: number
} {
  return {
    latitude: ORIGIN.latitude - z / DEGREE,
    longitude: ORIGIN.longitude + x / (DEGREE * Math.cos(radians(ORIGIN.latitude))),
  }
}
