import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { useLive } from '../use-live.ts'

/** Latencies beyond this tell of two clocks that disagree. */
const PLAUSIBLE_MS = 60_000

interface TileProps {
  readonly camera: WatchedCamera
  readonly connection: LiveConnection
}

export function Tile({ camera, connection }: TileProps) {
  const { t } = useTranslation()
  const frame = useCanvas(camera.id, connection)
  const { connected, perCamera, states } = useLive(connection)
  const stats = perCamera[camera.id]
  const state = states[camera.id]
  const isOffline = state ? state.state === 'offline' : camera.state === 'OFFLINE'
  const reason = state?.reason ?? camera.stateReason
  const isShowing = (stats?.fps ?? 0) > 0 && !isOffline
  return (
    <li className="overflow-hidden rounded-lg border border-line bg-surface">
      <div ref={frame} className="relative aspect-video bg-video">
        {!isShowing && (
          <p className="absolute inset-0 z-10 m-auto flex h-fit items-center justify-center bg-black/55 p-3 text-center text-white">
            {connected === false && stats
              ? t('live.reconnecting')
              : isOffline
                ? t([`reason.${reason}`, 'state.OFFLINE'])
                : t('live.waiting')}
          </p>
        )}
      </div>
      <div className="flex items-center gap-2 px-3 py-2">
        <span
          aria-hidden="true"
          className={`size-2 shrink-0 rounded-full ${isOffline ? 'bg-bad' : isShowing ? 'bg-good' : 'bg-muted'}`}
        />
        <span className="truncate font-medium">{camera.name}</span>
        <span className="sr-only">{isOffline ? t('state.OFFLINE') : t('state.ONLINE')}</span>
        {isShowing && stats && (
          <span className="ml-auto shrink-0 text-muted text-xs tabular-nums">
            {t('live.fps', { fps: stats.fps.toFixed(1) })}
            {stats.p50 > 0 && stats.p50 < PLAUSIBLE_MS && ` · ${t('live.latency', { ms: Math.round(stats.p50) })}`}
          </span>
        )}
      </div>
    </li>
  )
}

/** A canvas of its own for each mount: once it is handed to the worker it cannot be handed over again. */
function useCanvas(camera: string, connection: LiveConnection) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const parent = frame.current!
    const canvas = document.createElement('canvas')
    canvas.className = 'absolute inset-0 size-full'
    parent.prepend(canvas)
    connection.attach(camera, canvas)
    const resizes = new ResizeObserver(() => {
      const ratio = Math.min(devicePixelRatio, 2)
      connection.resize(camera, Math.round(parent.clientWidth * ratio), Math.round(parent.clientHeight * ratio))
    })
    resizes.observe(parent)
    const sight = new IntersectionObserver(([entry]) => connection.show(camera, entry!.isIntersecting), {
      rootMargin: '120px',
    })
    sight.observe(parent)
    return () => {
      resizes.disconnect()
      sight.disconnect()
      connection.detach(camera)
      canvas.remove()
    }
  }, [camera, connection])
  return frame
}
