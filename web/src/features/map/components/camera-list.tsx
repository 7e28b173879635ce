import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { MapCamera } from '../api/map-cameras.ts'
import { CameraState } from './camera-state.tsx'

/** A list is read, not counted: more are found by the search. */
const MOST = 60

interface CameraListProps {
  /** Those that the map draws one by one. */
  readonly visible: readonly MapCamera[]
  readonly seen: ReadonlyMap<string, number>
  readonly onPoint: (id: string | undefined) => void
}

/** What the map shows, in words: for keyboards and screen readers, and to see the counts at a glance. */
export const CameraList = memo(function CameraList({ visible, seen, onPoint }: CameraListProps) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('map.inView')} className="flex min-h-0 flex-col">
      <h2 className="px-4 pt-3 pb-1 font-semibold text-muted text-xs uppercase tracking-wide">
        {t('map.inView')} · {visible.length}
      </h2>
      <ul className="min-h-0 overflow-y-auto pb-3">
        {visible.slice(0, MOST).map((camera) => (
          <li key={camera.id}>
            <Link
              to={`/live?focus=${encodeURIComponent(camera.id)}`}
              onPointerEnter={() => onPoint(camera.id)}
              onPointerLeave={() => onPoint(undefined)}
              onFocus={() => onPoint(camera.id)}
              onBlur={() => onPoint(undefined)}
              className="flex items-center gap-3 px-4 py-1.5 hover:bg-canvas"
            >
              <span className="min-w-0 flex-1">
                <span className="block truncate">{camera.name}</span>
                <span className="block text-muted text-xs">
                  <CameraState camera={camera} />
                </span>
              </span>
              {seen.has(camera.id) && (
                <span
                  className="font-semibold text-base tabular-nums"
                  title={t('map.seen', { count: seen.get(camera.id) })}
                >
                  {seen.get(camera.id)}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
})
