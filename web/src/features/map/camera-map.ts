import type { FeatureCollection, Point } from 'geojson'
import {
  type GeoJSONSource,
  type MapLayerMouseEvent,
  Map as MapLibre,
  NavigationControl,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { coneImage } from './cone.ts'
import type { Bounds, CameraProperties } from './features.ts'
import type { Ground } from './ground.ts'
import type { View } from './place.ts'
import { CLUSTER_UNTIL_ZOOM, colourOfLook, mapStyle, pageColours } from './style.ts'

/** What a camera is dragged as, its id. */
export const DRAGGED_CAMERA = 'application/x-sentinel-camera'

const CITY = '/map/city.geojson'
const FLY_MS = 900
const NEAR_ZOOM = 16.5
const FIT = { padding: 64, maxZoom: NEAR_ZOOM, duration: 0 } as const

setWorkerUrl(workerUrl)

export interface Position {
  readonly latitude: number
  readonly longitude: number
}

export interface MapListener {
  /** The pointer is over a camera, at these pixels of the map, or over none. */
  onHover(id: string | undefined, x: number, y: number): void
  onOpen(id: string): void
  /** @param visible cameras that are drawn one by one. */
  onView(view: View, visible: readonly string[]): void
  onPlace(id: string, position: Position): void
  /** Something of a ground from another server did not load. @param isGone the ground as a whole: the built-in one is shown. */
  onGroundError(reason: string, isGone: boolean): void
}

export interface MapTexts {
  readonly title: string
  readonly zoomIn: string
  readonly zoomOut: string
  readonly north: string
}

/** The map itself: cameras come in as data, and what is done to them goes out as events. */
export class CameraMap {
  readonly #map: MapLibre
  readonly #listener: MapListener
  readonly #themes: MutationObserver
  #cameras: FeatureCollection<Point, CameraProperties> = { type: 'FeatureCollection', features: [] }
  #land: FeatureCollection | undefined
  #ground: Ground | undefined
  #isStyled = false
  #selected: string | undefined
  #isMovable = false
  #dragged: string | undefined

  /** @throws Error where the browser has no WebGL. */
  constructor(container: HTMLElement, view: View, texts: MapTexts, listener: MapListener) {
    this.#listener = listener
    this.#map = new MapLibre({
      container,
      style: mapStyle(pageColours(), CITY),
      center: [view.longitude, view.latitude],
      zoom: view.zoom,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      locale: {
        'Map.Title': texts.title,
        'NavigationControl.ZoomIn': texts.zoomIn,
        'NavigationControl.ZoomOut': texts.zoomOut,
        'NavigationControl.ResetBearing': texts.north,
      },
    })
    this.#map.touchZoomRotate.disableRotation()
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
    this.#map.on('style.load', () => this.#onStyle())
    this.#map.on('idle', () => this.#tellView())
    this.#listen()
    this.#themes = new MutationObserver(() => this.#restyle())
    this.#takeDrops(container)
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  show(cameras: FeatureCollection<Point, CameraProperties>): void {
    this.#cameras = cameras
    this.#source('cameras')?.setData(cameras)
  }

  /** The outlines of the countries, which come later than the cameras. */
  showLand(land: FeatureCollection): void {
    this.#land = land
    this.#source('land')?.setData(land)
  }

  /** What lies under the cameras from now on. */
  setGround(ground: Ground): void {
    this.#ground = ground
    this.#restyle()
  }

  select(id: string | undefined): void {
    this.#selected = id
    if (this.#map.getLayer('selected')) this.#map.setFilter('selected', ['==', ['get', 'id'], id ?? ''])
  }

  flyTo({ latitude, longitude }: Position): void {
    const zoom = Math.max(this.#map.getZoom(), CLUSTER_UNTIL_ZOOM + 1)
    this.#map.flyTo({ center: [longitude, latitude], zoom, duration: FLY_MS })
  }

  fit([west, south, east, north]: Bounds): void {
    this.#map.fitBounds([west, south, east, north], FIT)
  }

  /** While they are, a camera follows the pointer that holds it. */
  setMovable(isMovable: boolean): void {
    this.#isMovable = isMovable
  }

  close(): void {
    this.#themes.disconnect()
    this.#map.remove()
  }

  #restyle(): void {
    this.#isStyled = false
    // As a whole: what is only patched keeps the signs of the cameras in the colours that they had.
    this.#map.setStyle(mapStyle(pageColours(), CITY, this.#ground), { diff: false })
  }

  /** A style that cannot be drawn never loads. */
  #onError(reason: string): void {
    if (!this.#ground) return
    const isGone = !this.#isStyled
    if (isGone) this.#ground = undefined
    this.#listener.onGroundError(reason, isGone)
    if (isGone) this.#restyle()
  }

  #source(name: 'cameras' | 'land'): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(name)
  }

  #onStyle(): void {
    this.#isStyled = true
    for (const [look, colour] of Object.entries(colourOfLook(pageColours()))) {
      if (!this.#map.hasImage(`cone-${look}`)) this.#map.addImage(`cone-${look}`, coneImage(colour))
    }
    this.show(this.#cameras)
    if (this.#land) this.showLand(this.#land)
    this.select(this.#selected)
  }

  #listen(): void {
    const map = this.#map
    map.on('mousemove', 'dots', (event) => this.#onHover(event))
    map.on('mouseleave', 'dots', () => this.#onLeave())
    map.on('click', 'dots', (event) => {
      const id = idOf(event)
      if (id && !this.#isMovable) this.#listener.onOpen(id)
    })
    map.on('click', 'clusters', (event) => void this.#openCluster(event))
    map.on('mousedown', 'dots', (event) => this.#onGrab(event))
    map.on('error', ({ error }) => this.#onError(error.message))
  }

  /** Cameras that are dragged here from a list. */
  #takeDrops(container: HTMLElement): void {
    container.addEventListener('dragover', (event) => event.preventDefault())
    container.addEventListener('drop', ({ dataTransfer, clientX, clientY }) => {
      const id = dataTransfer?.getData(DRAGGED_CAMERA)
      const { left, top } = container.getBoundingClientRect()
      const { lat: latitude, lng: longitude } = this.#map.unproject([clientX - left, clientY - top]).wrap()
      if (id) this.#listener.onPlace(id, { latitude, longitude })
    })
  }

  #onHover(event: MapLayerMouseEvent): void {
    this.#map.getCanvas().style.cursor = this.#isMovable ? 'grab' : 'pointer'
    if (!this.#dragged) this.#listener.onHover(idOf(event), event.point.x, event.point.y)
  }

  #onLeave(): void {
    this.#map.getCanvas().style.cursor = ''
    this.#listener.onHover(undefined, 0, 0)
  }

  #onGrab(event: MapLayerMouseEvent): void {
    const id = idOf(event)
    if (!this.#isMovable || !id) return
    event.preventDefault()
    this.#dragged = id
    this.#listener.onHover(undefined, 0, 0)
    const follow = (move: { lngLat: { lat: number; lng: number } }): void => this.#draw(id, move.lngLat)
    this.#map.on('mousemove', follow)
    this.#map.once('mouseup', ({ lngLat }) => {
      this.#map.off('mousemove', follow)
      this.#dragged = undefined
      this.#listener.onPlace(id, { latitude: lngLat.lat, longitude: lngLat.lng })
    })
  }

  #draw(id: string, { lat, lng }: { lat: number; lng: number }): void {
    const features = this.#cameras.features.map((feature) =>
      feature.properties.id === id
        ? { ...feature, geometry: { type: 'Point' as const, coordinates: [lng, lat] } }
        : feature,
    )
    this.show({ ...this.#cameras, features })
  }

  async #openCluster({ features }: MapLayerMouseEvent): Promise<void> {
    const cluster = features?.[0]
    if (cluster?.geometry.type !== 'Point') return
    const zoom = await this.#source('cameras')!.getClusterExpansionZoom(Number(cluster.properties.cluster_id))
    const [longitude = 0, latitude = 0] = cluster.geometry.coordinates
    this.#map.easeTo({ center: [longitude, latitude], zoom, duration: FLY_MS })
  }

  #tellView(): void {
    const { lat: latitude, lng: longitude } = this.#map.getCenter().wrap()
    const drawn = this.#map.queryRenderedFeatures({ layers: ['dots'] })
    const ids = new Set(drawn.map(({ properties }) => String(properties.id)))
    this.#listener.onView({ latitude, longitude, zoom: this.#map.getZoom() }, [...ids].sort())
  }
}

function idOf({ features }: MapLayerMouseEvent): string | undefined {
  const id = features?.[0]?.properties.id
  return id === undefined ? undefined : String(id)
}
