import type { Feature, FeatureCollection, LineString } from 'geojson'
import type { MapCamera } from './api/map-cameras.ts'

/** What a camera looks like on the map. */
type Look = 'online' | 'offline' | 'waiting' | 'off'

export interface PlacedCamera extends MapCamera {
  readonly latitude: number
  readonly longitude: number
}

export function isPlaced(camera: MapCamera): camera is PlacedCamera {
  return camera.latitude !== null && camera.longitude !== null
}

export function lookOf({ enabled, state }: Pick<MapCamera, 'enabled' | 'state'>): Look {
  if (!enabled) return 'off'
  if (state === 'OFFLINE') return 'offline'
  return state === 'ONLINE' ? 'online' : 'waiting'
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
