import { useTranslation } from 'react-i18next'
import type { MapCamera } from '../api/map-cameras.ts'
import { DRAGGED_CAMERA } from '../camera-map.ts'

interface UnplacedListProps {
  readonly cameras: readonly MapCamera[]
  /** That which the next click on the map places. */
  readonly placed: string | undefined
  readonly onChoose: (id: string | undefined) => void
}

/** Cameras without a place: each is dragged to where it stands, or chosen and then the place clicked or tapped. */
export function UnplacedList({ cameras, placed, onChoose }: UnplacedListProps) {
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
          <li key={id} draggable onDragStart={({ dataTransfer }) => dataTransfer.setData(DRAGGED_CAMERA, id)}>
            <button
              type="button"
              aria-pressed={id === placed}
              onClick={() => onChoose(id === placed ? undefined : id)}
              className="w-full cursor-grab truncate px-4 py-1.5 text-left -outline-offset-2 hover:bg-canvas aria-pressed:bg-accent-soft aria-pressed:font-medium"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
