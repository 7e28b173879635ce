import { useTranslation } from 'react-i18next'
import type { MapCamera } from '../api/map-cameras.ts'
import type { Hovered } from '../use-map-view.ts'
import { CameraState } from './camera-state.tsx'
import { LiveThumbnail } from './live-thumbnail.tsx'

const WIDTH = 256
const HEIGHT = 210
const GAP = 18

interface CameraCardProps {
  readonly hovered: Hovered
  readonly camera: MapCamera | undefined
  readonly seen: number | undefined
}

/** What the camera under the pointer shows now; stays inside the map. */
export function CameraCard({ hovered: { x, y, width, height }, camera, seen }: CameraCardProps) {
  const { t } = useTranslation()
  if (!camera) return undefined
  const left = x + GAP + WIDTH > width ? x - GAP - WIDTH : x + GAP
  const top = Math.max(8, Math.min(y - HEIGHT / 2, height - HEIGHT - 8))
  return (
    <div
      data-card={camera.id}
      className="pointer-events-none absolute z-10 overflow-hidden rounded-lg border border-line bg-raised shadow-xl"
      style={{ left, top, width: WIDTH }}
    >
      {camera.enabled && camera.state === 'ONLINE' && <LiveThumbnail key={camera.id} cameraId={camera.id} />}
      <div className="flex flex-col gap-1 px-3 py-2">
        <span role="status" className="truncate font-medium">
          {camera.name}
        </span>
        <span className="flex items-center gap-2 text-muted text-xs">
          <CameraState camera={camera} />
          {seen !== undefined && <span>{t('map.seen', { count: seen })}</span>}
        </span>
      </div>
    </div>
  )
}
