import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { useKeys } from '../../../lib/keys.ts'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { useCanvas } from '../use-canvas.ts'
import { useLive } from '../use-live.ts'
import { useTileState } from '../use-tile-state.ts'

interface FocusViewProps {
  readonly camera: WatchedCamera
  readonly cameras: readonly WatchedCamera[]
  readonly connection: LiveConnection
  /** Undefined for the grid. */
  readonly onFocus: (camera: WatchedCamera | undefined) => void
}

/** One camera as large as the window: every frame that the detector saw, paused, stepped through, saved. */
export function FocusView({ camera, cameras, connection, onFocus }: FocusViewProps) {
  const { t } = useTranslation()
  const frame = useCanvas(camera.id, connection)
  const player = usePlayer(camera.id, connection)
  const { reason, measured } = useTileState(camera, connection)
  const next = (by: 1 | -1) => onFocus(cameras.at((cameras.indexOf(camera) + by) % cameras.length))
  useKeys(camera.name, [
    { keys: 'Escape', label: t('live.back'), run: () => onFocus(undefined) },
    { keys: ' ', label: t('live.pause'), run: player.toggle },
    { keys: 'ArrowLeft', label: t('live.stepBack'), run: () => player.step(-1) },
    { keys: 'ArrowRight', label: t('live.stepForth'), run: () => player.step(1) },
    { keys: 's', label: t('live.snapshot'), run: () => connection.save(camera.id, true) },
    { keys: 'Shift+s', label: t('live.snapshotBare'), run: () => connection.save(camera.id, false) },
    { keys: 'n', label: t('live.nextCamera'), run: () => next(1) },
    { keys: 'p', label: t('live.previousCamera'), run: () => next(-1) },
  ])
  return (
    <section aria-label={camera.name} className="flex min-h-0 flex-1 flex-col bg-video">
      <div ref={frame} className="relative min-h-[40dvh] flex-1" data-focus={camera.id}>
        {reason && !player.isPaused && (
          <p className="absolute inset-0 z-10 m-auto flex h-fit items-center justify-center bg-black/55 p-3 text-white">
            {reason}
          </p>
        )}
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-line border-t bg-surface p-2 sm:px-4">
        <Button kind="quiet" onClick={() => onFocus(undefined)}>
          <Icon name="grid" />
          {t('live.back')}
        </Button>
        <h2 className="mr-auto truncate font-semibold">{camera.name}</h2>
        <span className="text-muted text-xs tabular-nums" data-paused={player.isPaused}>
          {player.words ?? measured}
        </span>
        <Button label={t('live.stepBack')} onClick={() => player.step(-1)}>
          ‹
        </Button>
        <Button onClick={player.toggle} pressed={player.isPaused}>
          {t(player.isPaused ? 'live.goOn' : 'live.pause')}
        </Button>
        <Button label={t('live.stepForth')} onClick={() => player.step(1)}>
          ›
        </Button>
        <Button onClick={() => connection.save(camera.id, true)}>
          <Icon name="download" />
          {t('live.snapshot')}
        </Button>
        <Button onClick={() => connection.save(camera.id, false)}>{t('live.snapshotBare')}</Button>
      </div>
    </section>
  )
}

/** Pause and step; stepping pauses. */
function usePlayer(camera: string, connection: LiveConnection) {
  const { t, i18n } = useTranslation()
  const [isPaused, setIsPaused] = useState(false)
  const { stepped } = useLive(connection)
  useEffect(() => connection.focus(camera), [camera, connection])
  const pause = (on: boolean) => {
    setIsPaused(on)
    connection.pause(camera, on)
  }
  const step = (by: number) => {
    if (!isPaused) pause(true)
    connection.step(camera, by)
  }
  const shown = isPaused && stepped?.camera === camera ? stepped : undefined
  const time = shown && timeOf(shown.header.capturedAt, i18n.language)
  const words = shown && t('live.stepped', { time, boxes: shown.header.boxes.length, behind: shown.behind })
  return { isPaused, toggle: () => pause(!isPaused), step, words }
}

/** @param micros since the epoch */
function timeOf(micros: number, language: string): string {
  return new Date(micros / 1000).toLocaleTimeString(language, { fractionalSecondDigits: 3 })
}
