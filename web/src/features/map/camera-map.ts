import type { FeatureCollection, Point } from 'geojson'
import {
  type GeoJSONSource,
  type LngLat,
  type MapGeoJSONFeature,
  type MapLayerMouseEvent,
  Map as MapLibre,
  type MapMouseEvent,
  type MapTouchEvent,
  NavigationControl,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import type { CameraFeature } from './camera-features.ts'
import { CameraSource } from './camera-source.ts'
import { coneImage } from './cone.ts'
import type { Bounds } from './features.ts'
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

type ScreenPoint = Readonly<Record<'x' | 'y', number>>

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
  /** Pixels around the pointer in which it meets a camera: a finger is no arrow. */
  readonly #reach = matchMedia('(pointer: coarse)').matches ? 22 : 1
  readonly #cameras: CameraSource
  #land: FeatureCollection | undefined
  #ground: Ground | undefined
  #isStyled = false
  #selected: string | undefined
  #isMovable = false
  #dragged: string | undefined
  #placed: string | undefined

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
    this.#cameras = new CameraSource(this.#map)
    this.#map.touchZoomRotate.disableRotation()
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
    this.#map.on('style.load', () => this.#onStyle())
    this.#map.on('idle', () => this.#tellView())
    this.#listen()
    this.#themes = new MutationObserver(() => this.#restyle())
    this.#takeDrops(container)
    this.#themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  show(cameras: readonly CameraFeature[]): void {
    this.#cameras.show(cameras)
  }

  /** The outlines of the countries, which come later than the cameras. */
  showLand(land: FeatureCollection): void {
    this.#land = land
    this.#map.getSource<GeoJSONSource>('land')?.setData(land)
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

  /** The next click on the map says where this camera stands; none does without one. */
  setPlaced(id: string | undefined): void {
    this.#placed = id
    this.#map.getCanvas().style.cursor = id === undefined ? '' : 'crosshair'
  }

  close(): void {
    this.#cameras.close()
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

  #onStyle(): void {
    this.#isStyled = true
    for (const [look, colour] of Object.entries(colourOfLook(pageColours()))) {
      if (!this.#map.hasImage(`cone-${look}`)) this.#map.addImage(`cone-${look}`, coneImage(colour))
    }
    this.#cameras.begin()
    if (this.#land) this.showLand(this.#land)
    this.select(this.#selected)
  }

  #listen(): void {
    const map = this.#map
    map.on('mousemove', 'dots', (event) => this.#onHover(event))
    map.on('mouseleave', 'dots', () => this.#onLeave())
    map.on('click', (event) => this.#onClick(event))
    map.on('mousedown', (event) => this.#onGrab(event, ['mousemove', 'mouseup']))
    map.on('touchstart', (event) => this.#onGrab(event, ['touchmove', 'touchend']))
    map.on('error', ({ error }) => this.#onError(error.message))
  }

  /** Cameras that are dragged here from a list. */
  #takeDrops(container: HTMLElement): void {
    container.addEventListener('dragover', (event) => event.preventDefault())
    container.addEventListener('drop', ({ dataTransfer, clientX, clientY }) => {
      const id = dataTransfer?.getData(DRAGGED_CAMERA)
      const { left, top } = container.getBoundingClientRect()
      const position = positionOf(this.#map.unproject([clientX - left, clientY - top]).wrap())
      if (id) this.#listener.onPlace(id, position)
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

  #onClick({ point, lngLat }: MapMouseEvent): void {
    if (this.#placed !== undefined) this.#listener.onPlace(this.#placed, positionOf(lngLat.wrap()))
    if (this.#placed !== undefined || !this.#isStyled) return
    const [cluster] = this.#map.queryRenderedFeatures(point, { layers: ['clusters'] })
    const id = this.#nearest(point)
    if (cluster) void this.#openCluster(cluster)
    else if (id !== undefined && !this.#isMovable) this.#listener.onOpen(id)
  }

  /** The camera that stands nearest within reach. */
  #nearest({ x, y }: ScreenPoint): string | undefined {
    const reach = this.#reach
    const within: [[number, number], [number, number]] = [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ]
    const distances = this.#map.queryRenderedFeatures(within, { layers: ['dots'] }).map(({ properties, geometry }) => {
      const at = this.#map.project((geometry as Point).coordinates as [number, number])
      return { id: String(properties.id), distance: Math.hypot(at.x - x, at.y - y) }
    })
    return distances.sort((a, b) => a.distance - b.distance)[0]?.id
  }

  #onGrab(
    event: MapMouseEvent | MapTouchEvent,
    [moves, ends]: readonly ['mousemove', 'mouseup'] | readonly ['touchmove', 'touchend'],
  ): void {
    // Two fingers move the map.
    const isOne = !('points' in event) || event.points.length === 1
    const id = this.#isMovable && isOne && this.#isStyled ? this.#nearest(event.point) : undefined
    if (id === undefined) return
    event.preventDefault()
    this.#dragged = id
    this.#listener.onHover(undefined, 0, 0)
    const follow = ({ lngLat }: { lngLat: LngLat }): void => this.#cameras.move(id, [lngLat.lng, lngLat.lat])
    this.#map.on(moves, follow)
    this.#map.once(ends, ({ lngLat }: { lngLat: LngLat }) => {
      this.#map.off(moves, follow)
      this.#dragged = undefined
      this.#listener.onPlace(id, positionOf(lngLat))
    })
  }

  async #openCluster({ geometry, properties }: MapGeoJSONFeature): Promise<void> {
    const zoom = await this.#map
      .getSource<GeoJSONSource>('cameras')!
      .getClusterExpansionZoom(Number(properties.cluster_id))
    const [longitude = 0, latitude = 0] = (geometry as Point).coordinates
    this.#map.easeTo({ center: [longitude, latitude], zoom, duration: FLY_MS })
  }

  #tellView(): void {
    const { lat: latitude, lng: longitude } = this.#map.getCenter().wrap()
    const drawn = this.#map.queryRenderedFeatures({ layers: ['dots'] })
    const ids = new Set(drawn.map(({ properties }) => String(properties.id)))
    this.#listener.onView({ latitude, longitude, zoom: this.#map.getZoom() }, [...ids].sort())
  }
}

function positionOf({ lat: latitude, lng: longitude }: LngLat): Position {
  return { latitude, longitude }
}

function idOf({ features }: MapLayerMouseEvent): string | undefined {
  const id = features?.[0]?.properties.id
  return id === undefined ? undefined : String(id)
}
