import type { Feature, FeatureCollection, LineString, Point } from 'geojson'
import type { MapCamera } from './api/map-cameras.ts'

/** What the map needs of a camera to draw it. */
export interface CameraProperties {
  readonly id: string
  readonly name: string
  readonly look: 'online' | 'offline' | 'waiting' | 'off'
  readonly heading: number | null
  /** Objects in its newest frame; empty while nothing is known. */
  readonly seen: string
}

export interface PlacedCamera extends MapCamera {
  readonly latitude: number
  readonly longitude: number
}

export function isPlaced(camera: MapCamera): camera is PlacedCamera {
  return camera.latitude !== null && camera.longitude !== null
}

export function lookOf({ enabled, state }: Pick<MapCamera, 'enabled' | 'state'>): CameraProperties['look'] {
  if (!enabled) return 'off'
  if (state === 'OFFLINE') return 'offline'
  return state === 'ONLINE' ? 'online' : 'waiting'
}

/** Cameras without a place are left out. */
export function cameraFeatures(
  cameras: readonly MapCamera[],
  seen: ReadonlyMap<string, number>,
): FeatureCollection<Point, CameraProperties> {
  const features = cameras.filter(isPlaced).map((camera): Feature<Point, CameraProperties> => {
    const { id, name, heading, latitude, longitude } = camera
    const count = seen.get(id)
    return {
      type: 'Feature',
      properties: { id, name, look: lookOf(camera), heading, seen: count === undefined ? '' : String(count) },
      geometry: { type: 'Point', coordinates: [longitude, latitude] },
    }
  })
  return { type: 'FeatureCollection', features }
}

export type Bounds = readonly [west: number, south: number, east: number, north: number]

/** The smallest rectangle around all cameras; undefined without any. */
export function boundsOf(cameras: readonly MapCamera[]): Bounds | undefined {
  const placed = cameras.filter(isPlaced)
  if (placed.length === 0) return undefined
  const longitudes = placed.map(({ longitude }) => longitude)
  const latitudes = placed.map(({ latitude }) => latitude)
  const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b))
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b))
  return [least(longitudes), least(latitudes), most(longitudes), most(latitudes)]
}

/** Meridians and parallels, so that a map without streets still says where north is and how far things are. */
export function graticule(step: number): FeatureCollection<LineString> {
  const line = (coordinates: [number, number][]): Feature<LineString> => ({
    type: 'Feature',
    properties: {},
    geometry: { type: 'LineString', coordinates },
  })
  const features: Feature<LineString>[] = []
  for (let longitude = -180; longitude <= 180; longitude += step)
    features.push(
      line([
        [longitude, -85],
        [longitude, 85],
      ]),
    )
  for (let latitude = -80; latitude <= 80; latitude += step)
    features.push(
      line([
        [-180, latitude],
        [180, latitude],
      ]),
    )
  return { type: 'FeatureCollection', features }
}

/** Those whose name holds every word, the earlier in the name the better. */
export function matching<Camera extends { readonly name: string }>(
  cameras: readonly Camera[],
  text: string,
  most: number,
): Camera[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  return cameras
    .map((camera) => ({ camera, name: camera.name.toLowerCase() }))
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .sort((a, b) => a.name.indexOf(words[0]!) - b.name.indexOf(words[0]!) || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ camera }) => camera)
}
