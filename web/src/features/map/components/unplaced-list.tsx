import { useTranslation } from 'react-i18next'
import type { MapCamera } from '../api/map-cameras.ts'
import { DRAGGED_CAMERA } from '../camera-map.ts'

/** Cameras without a place: each is dragged to where it stands. */
export function UnplacedList({ cameras }: { readonly cameras: readonly MapCamera[] }) {
  const { t } = useTranslation()
  if (cameras.length === 0) return undefined
  return (
    <section aria-label={t('map.unplaced')} className="border-line border-b pb-2">
      <h2 className="px-4 pt-3 pb-1 font-semibold text-muted text-xs uppercase tracking-wide">
        {t('map.unplaced')} · {cameras.length}
      </h2>
      <p className="px-4 pb-2 text-muted text-xs">{t('map.unplacedHelp')}</p>
      <ul className="max-h-60 overflow-y-auto">
        {cameras.map(({ id, name }) => (
          <li
            key={id}
            draggable
            onDragStart={({ dataTransfer }) => dataTransfer.setData(DRAGGED_CAMERA, id)}
            className="cursor-grab truncate px-4 py-1.5 hover:bg-canvas"
          >
            {name}
          </li>
        ))}
      </ul>
    </section>
  )
}
