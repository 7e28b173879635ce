import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../../../lib/keys.ts'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { useCanvas } from '../use-canvas.ts'
import { usePlayer } from '../use-player.ts'
import { useTileState } from '../use-tile-state.ts'
import { useZoneDesk } from '../zones/use-zone-desk.ts'
import { FocusBar } from './focus-bar.tsx'

const ZonePanel = lazy(() => import('./zones/zone-panel.tsx').then(({ ZonePanel: it }) => ({ default: it })))
const ZoneCanvas = lazy(() => import('./zones/zone-canvas.tsx').then(({ ZoneCanvas: it }) => ({ default: it })))

interface FocusViewProps {
  readonly camera: WatchedCamera
  readonly cameras: readonly WatchedCamera[]
  readonly connection: LiveConnection
  /** Undefined for the grid. */
  readonly onFocus: (camera: WatchedCamera | undefined) => void
  /** The zones in the database have changed. */
  readonly onZones: () => void
}

/** One camera as large as the window, at its full rate: paused, stepped through, saved, and drawn zones on. */
export function FocusView({ camera, cameras, connection, onFocus, onZones }: FocusViewProps) {
  const { t } = useTranslation()
  const frame = useCanvas(camera.id, connection)
  const player = usePlayer(camera.id, connection)
  const { reason, measured } = useTileState(camera, connection)
  const [isDrawing, setIsDrawing] = useState(false)
  const desk = useZoneDesk(camera.id, onZones)
  const back = () => {
    if (desk.draft) desk.cancel()
    else if (isDrawing) setIsDrawing(false)
    else onFocus(undefined)
  }
  const next = (by: 1 | -1) => onFocus(cameras.at((cameras.indexOf(camera) + by) % cameras.length))
  useKeys(camera.name, [
    { keys: 'Escape', label: t('live.back'), run: back },
    { keys: ' ', label: t('live.pause'), run: player.toggle },
    { keys: 'ArrowLeft', label: t('live.stepBack'), run: () => player.step(-1) },
    { keys: 'ArrowRight', label: t('live.stepForth'), run: () => player.step(1) },
    { keys: 's', label: t('live.snapshot'), run: () => connection.save(camera.id, true) },
    { keys: 'Shift+s', label: t('live.snapshotBare'), run: () => connection.save(camera.id, false) },
    { keys: 'd', label: t('live.editZones'), run: () => setIsDrawing(!isDrawing) },
    { keys: 'n', label: t('live.nextCamera'), run: () => next(1) },
    { keys: 'p', label: t('live.previousCamera'), run: () => next(-1) },
  ])
  return (
    <section aria-label={camera.name} className="flex min-h-0 flex-1 flex-col bg-video">
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <div ref={frame} className="relative min-h-[40dvh] flex-1" data-focus={camera.id}>
          {reason && !player.isPaused && (
            <p className="absolute inset-0 z-10 m-auto flex h-fit items-center justify-center bg-black/55 p-3 text-white">
              {reason}
            </p>
          )}
          <Suspense>
            {isDrawing && desk.draft && <ZoneCanvas draft={desk.draft} onChange={desk.edit} ratio={ratioOf(camera)} />}
          </Suspense>
        </div>
        <Suspense>
          {isDrawing && <ZonePanel zones={camera.zones} desk={desk} onClose={() => setIsDrawing(false)} />}
        </Suspense>
      </div>
      <FocusBar
        name={camera.name}
        words={player.words ?? measured}
        player={player}
        isDrawing={isDrawing}
        onDraw={() => setIsDrawing(!isDrawing)}
        onBack={() => onFocus(undefined)}
        onSave={(withBoxes) => connection.save(camera.id, withBoxes)}
      />
    </section>
  )
}

/** Of what the camera sends; a picture that was never seen is taken for a wide one. */
function ratioOf({ width, height }: WatchedCamera): number {
  return width && height ? width / height : 16 / 9
}
