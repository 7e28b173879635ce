import { useTranslation } from 'react-i18next'
import type { MapCamera } from '../api/map-cameras.ts'
import { lookOf } from '../features.ts'

const COLOURS = { online: 'bg-good', offline: 'bg-bad', waiting: 'bg-warn', off: 'bg-muted' } as const

/** In colour and in words. */
export function CameraState({ camera }: { readonly camera: Pick<MapCamera, 'enabled' | 'state'> }) {
  const { t } = useTranslation()
  const look = lookOf(camera)
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${COLOURS[look]}`} />
      {t(`map.look.${look}`)}
    </span>
  )
}
