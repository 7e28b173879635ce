import type { Feature, Point } from 'geojson'
import type { GeoJSONSourceDiff } from 'maplibre-gl'
import type { MapCamera } from './api/map-cameras.ts'
import { isPlaced, lookOf, type PlacedCamera } from './features.ts'

/** What the map needs of a camera to draw it. */
interface CameraProperties {
  readonly id: string
  readonly name: string
  readonly look: ReturnType<typeof lookOf>
  readonly heading: number | null
  /** Objects in its newest frame; empty while nothing is known. */
  readonly seen: string
}

export type CameraFeature = Feature<Point, CameraProperties>

/** The property that tells cameras apart. */
export const FEATURE_ID = 'id'

/** Cameras as the map draws them: as long as a camera looks the same, its feature is the same object. */
export class CameraFeatures {
  #made = new Map<string, CameraFeature>()

  /** Cameras without a place are left out. */
  of(cameras: readonly MapCamera[], seen: ReadonlyMap<string, number>): readonly CameraFeature[] {
    const features = cameras.filter(isPlaced).map((camera) => this.#feature(camera, seen.get(camera.id)))
    this.#made = new Map(features.map((feature) => [feature.properties.id, feature]))
    return features
  }

  #feature(camera: PlacedCamera, count: number | undefined): CameraFeature {
    const { id, name, heading, latitude, longitude } = camera
    const properties = { id, name, look: lookOf(camera), heading, seen: count === undefined ? '' : String(count) }
    const before = this.#made.get(id)
    const [x, y] = before?.geometry.coordinates ?? []
    if (before && x === longitude && y === latitude && isSame(before.properties, properties)) return before
    return { type: 'Feature', properties, geometry: { type: 'Point', coordinates: [longitude, latitude] } }
  }
}

function isSame(a: CameraProperties, b: CameraProperties): boolean {
  return a.name === b.name && a.look === b.look && a.heading === b.heading && a.seen === b.seen
}

/** What has to be told to a source that shows some features, for it to show others; undefined for nothing. */
export function differenceOf(
  shown: ReadonlyMap<string, CameraFeature>,
  wanted: readonly CameraFeature[],
): GeoJSONSourceDiff | undefined {
  const changed = wanted.filter((feature) => shown.get(feature.properties.id) !== feature)
  const kept = new Set(wanted.map(({ properties }) => properties.id))
  const remove = [...shown.keys()].filter((id) => !kept.has(id))
  if (changed.length === 0 && remove.length === 0) return undefined
  const [add, update] = [false, true].map((isThere) =>
    changed.filter(({ properties }) => shown.has(properties.id) === isThere),
  )
  return { remove, add: add!, update: update!.map(updateOf) }
}

function updateOf({ properties, geometry }: CameraFeature) {
  const addOrUpdateProperties = Object.entries(properties).map(([key, value]) => ({ key, value }))
  return { id: properties.id, newGeometry: geometry, addOrUpdateProperties }
}
