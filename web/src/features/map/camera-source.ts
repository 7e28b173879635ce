import type { GeoJSONSource, Map as MapLibre } from 'maplibre-gl'
import { type CameraFeature, differenceOf } from './camera-features.ts'

/** Each change has the map cut its tiles anew: while somebody moves it, changes wait until it rests, but no longer than this. */
const CHANGES_WAIT_MS = 2000

/** The cameras of a map, which is told only what changes. */
export class CameraSource {
  readonly #map: MapLibre
  #cameras: readonly CameraFeature[] = []
  /** Those that the map has been told of, by id. */
  #shown: ReadonlyMap<string, CameraFeature> = new Map()
  #waiting: ReturnType<typeof setTimeout> | undefined

  constructor(map: MapLibre) {
    this.#map = map
    map.on('moveend', () => {
      if (this.#waiting) this.#tell()
    })
  }

  show(cameras: readonly CameraFeature[]): void {
    this.#cameras = cameras
    if (!this.#map.isMoving()) this.#tell()
    else this.#waiting ??= setTimeout(() => this.#tell(), CHANGES_WAIT_MS)
  }

  /** A camera that follows a hand. */
  move(id: string, coordinates: [longitude: number, latitude: number]): void {
    this.#cameras = this.#cameras.map((feature) =>
      feature.properties.id === id ? { ...feature, geometry: { type: 'Point', coordinates } } : feature,
    )
    this.#tell()
  }

  /** The map has a new style, and so knows of none. */
  begin(): void {
    this.#shown = new Map()
    this.#tell()
  }

  close(): void {
    clearTimeout(this.#waiting)
  }

  #tell(): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
    const source = this.#map.getSource<GeoJSONSource>('cameras')
    const difference = source && differenceOf(this.#shown, this.#cameras)
    if (!difference) return
    this.#shown = new Map(this.#cameras.map((feature) => [feature.properties.id, feature]))
    void source.updateData(difference)
  }
}
