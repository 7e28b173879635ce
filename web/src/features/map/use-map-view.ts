import { type RefObject, useEffect, useRef, useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import type { MapCamera } from './api/map-cameras.ts'
import type { CameraMap, Position } from './camera-map.ts'
import { type Bounds, boundsOf } from './features.ts'
import { parseView, printView } from './place.ts'
import { useCameraMap } from './use-camera-map.ts'
import { useGround } from './use-ground.ts'

const WORLD = { latitude: 25, longitude: 0, zoom: 1.2 }

/** The camera under the pointer, in pixels of the map. */
export interface Hovered {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface OpenView {
  readonly map: CameraMap | undefined
  readonly hasFailed: boolean
  readonly hovered: Hovered | undefined
  /** Cameras that are drawn one by one. */
  readonly visible: readonly string[]
  /** What did not load of a ground from another server, in words; empty when nothing is missing. */
  readonly problem: string
  fit(bounds: Bounds | undefined): void
}

/** The map with its place in the address; without one it shows all cameras. */
export function useMapView(
  container: RefObject<HTMLDivElement | null>,
  cameras: readonly MapCamera[],
  place: (id: string, position: Position) => void,
): OpenView {
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const [asked] = useState(() => parseView(search.get('at')))
  const [hovered, setHovered] = useState<Hovered>()
  const [visible, setVisible] = useState<readonly string[]>([])
  const ground = useGround()
  const { map, hasFailed } = useCameraMap(container, asked ?? WORLD, {
    onHover: (id, x, y) => {
      const { clientWidth: width, clientHeight: height } = container.current!
      setHovered(id === undefined ? undefined : { id, x, y, width, height })
    },
    onOpen: (id) => void navigate(`/live?focus=${encodeURIComponent(id)}`),
    onView: (view, ids) => {
      const at = printView(view)
      if (at !== search.get('at')) setSearch({ at }, { replace: true })
      setVisible((before) => (before.join() === ids.join() ? before : ids))
    },
    onPlace: place,
    onGroundError: ground.fail,
  })
  const { found } = ground
  useEffect(() => {
    if (found) map?.setGround(found)
  }, [map, found])
  const first = useRef(cameras)
  useEffect(() => {
    const bounds = boundsOf(first.current)
    if (map && !asked && bounds) map.fit(bounds)
  }, [map, asked])
  const fit = (bounds: Bounds | undefined): void => {
    if (bounds) map?.fit(bounds)
  }
  return { map, hasFailed, hovered, visible, problem: ground.problem, fit }
}
