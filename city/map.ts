import { positionOf } from './cameras.ts'
import { BAY_EDGE, type Block, HORIZON, layoutOf } from './layout.ts'
import type { Point } from './simulation/path.ts'
import { STREETS } from './simulation/streets.ts'

/** The seed whose houses stand in the clips that are shown. */
const SEED = 1
/** A tenth of a metre. */
const DIGITS = 6

type Place = readonly [longitude: number, latitude: number]

interface Feature {
  readonly type: 'Feature'
  readonly properties: { readonly kind: 'ground' | 'park' | 'road' | 'building' | 'tree'; readonly storeys?: number }
  readonly geometry:
    | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Place[])[] }
    | { readonly type: 'Point'; readonly coordinates: Place }
}

/** The city's streets, houses and trees as GeoJSON text, for the map of the dashboard. */
export function cityMap(): string {
  const { lots, trees, park } = layoutOf(SEED)
  const features = [
    area({ x: 0, z: 0, width: 2 * HORIZON, depth: 2 * HORIZON }, { kind: 'ground' }),
    area(park, { kind: 'park' }),
    ...STREETS.flatMap((street) => [
      area({ x: street, z: 0, width: 2 * BAY_EDGE, depth: 2 * HORIZON }, { kind: 'road' }),
      area({ x: 0, z: street, width: 2 * HORIZON, depth: 2 * BAY_EDGE }, { kind: 'road' }),
    ]),
    ...lots.map(({ storeys, ...block }) => area(block, { kind: 'building', storeys })),
    ...trees.map((tree) => feature({ type: 'Point', coordinates: placeOf(tree) }, { kind: 'tree' })),
  ]
  const lines = features.map((each) => JSON.stringify(each)).join(',\n')
  return `{"type":"FeatureCollection","features":[\n${lines}\n]}\n`
}

function area({ x, z, width, depth }: Block, properties: Feature['properties']): Feature {
  const corners = [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
    [-1, -1],
  ] as const
  const ring = corners.map(([east, south]) => placeOf({ x: x + (east * width) / 2, z: z + (south * depth) / 2 }))
  return feature({ type: 'Polygon', coordinates: [ring] }, properties)
}

function feature(geometry: Feature['geometry'], properties: Feature['properties']): Feature {
  return { type: 'Feature', properties, geometry }
}

function placeOf(point: Point): Place {
  const { latitude, longitude } = positionOf(point)
  return [Number(longitude.toFixed(DIGITS)), Number(latitude.toFixed(DIGITS))]
}
