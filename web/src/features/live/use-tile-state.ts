import { useTranslation } from 'react-i18next'
import type { WatchedCamera } from './api/watched-cameras.ts'
import type { LiveConnection } from './live-connection.ts'
import { useLive } from './use-live.ts'

/** Latencies beyond this tell of two clocks that disagree. */
const PLAUSIBLE_MS = 60_000
/** A detection that is no further behind is as it should be. */
const LAG_MS = 1000

interface TileState {
  readonly isOffline: boolean
  readonly isShowing: boolean
  /** Why there is no picture; undefined while there is one. */
  readonly reason: string | undefined
  /** Pictures a second, latency and skew, in words. */
  readonly measured: string | undefined
}

export function useTileState(camera: WatchedCamera, connection: LiveConnection): TileState {
  const { t } = useTranslation()
  const { connected, perCamera, states } = useLive(connection)
  const stats = perCamera[camera.id]
  const state = states[camera.id]
  const isOffline = state ? state.state === 'offline' : camera.state === 'OFFLINE'
  // Both are 0 only when nothing has been drawn for seconds; one picture alone has no rate yet.
  const isShowing = stats !== undefined && (stats.fps > 0 || stats.p50 !== 0) && !isOffline && connected
  const why = (): string => {
    if (!connected && stats) return t('live.reconnecting')
    return isOffline ? t([`reason.${state?.reason ?? camera.stateReason}`, 'state.OFFLINE']) : t('live.waiting')
  }
  const words = stats && [
    t('live.fps', { fps: stats.fps.toFixed(1) }),
    ...(stats.p50 > 0 && stats.p50 < PLAUSIBLE_MS ? [t('live.latency', { ms: Math.round(stats.p50) })] : []),
    t('live.skew', { count: stats.skewFrames }),
    ...(stats.boxAge === undefined ? [] : [t('live.boxAge', { ms: Math.round(stats.boxAge) })]),
    ...(stats.lag !== undefined && stats.lag > LAG_MS ? [t('live.lag', { s: (stats.lag / 1000).toFixed(1) })] : []),
  ]
  return {
    isOffline,
    isShowing,
    reason: isShowing ? undefined : why(),
    measured: isShowing ? words?.join(' · ') : undefined,
  }
}
