import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { numberText } from '../../lib/numbers.ts'
import { absenceOf } from './absence.ts'
import type { WatchedCamera } from './api/watched-cameras.ts'
import type { LiveConnection } from './live-connection.ts'
import { useLive } from './use-live.ts'
import type { TileStats } from './worker/protocol.ts'

/** Latencies beyond this tell of two clocks that disagree. */
const PLAUSIBLE_MS = 60_000
/** A detection that is no further behind is as it should be. */
const LAG_MS = 1000

interface TileState {
  readonly isOffline: boolean
  readonly isShowing: boolean
  /** Why there is no picture; undefined while there is one. */
  readonly reason: string | undefined
  /** What to do about it; undefined while that may still pass by itself. */
  readonly advice: string | undefined
  /** Pictures a second, latency and skew, in words. */
  readonly measured: string | undefined
}

export function useTileState(camera: WatchedCamera, connection: LiveConnection): TileState {
  const { t } = useTranslation()
  const { connected, perCamera, states } = useLive(connection)
  const stats = perCamera[camera.id]
  const told = states[camera.id]
  const state = told ? (told.state === 'offline' ? 'OFFLINE' : 'ONLINE') : camera.state
  const isOffline = state === 'OFFLINE'
  // Both are 0 only when nothing has been drawn for seconds; one picture alone has no rate yet.
  const isShowing = stats !== undefined && (stats.fps > 0 || stats.p50 !== 0) && !isOffline && connected
  const { reasons, advice, adviseAfterMs } = absenceOf({
    // Before the first figures nothing is known of the connection.
    isConnected: connected || !stats,
    state,
    stateReason: told?.reason ?? camera.stateReason,
    isWatched: camera.isWatched,
  })
  const lasts = useLasts(isShowing ? '' : reasons.join(), adviseAfterMs)
  return {
    isOffline,
    isShowing,
    reason: isShowing ? undefined : t([...reasons]),
    advice: !isShowing && lasts ? t([...advice]) : undefined,
    measured: isShowing && stats ? measuredIn(stats, t) : undefined,
  }
}

function measuredIn(stats: TileStats, t: (key: string, blanks: Record<string, unknown>) => string): string {
  const { fps, p50, skewFrames, boxAge, lag, isStreamed } = stats
  const age = isStreamed ? 'live.streamBoxAge' : 'live.boxAge'
  return [
    t('live.fps', { fps: numberText(fps, 1) }),
    ...(p50 > 0 && p50 < PLAUSIBLE_MS ? [t('live.latency', { ms: Math.round(p50) })] : []),
    t('live.skew', { count: skewFrames }),
    ...(boxAge === undefined ? [] : [t(age, { ms: Math.round(boxAge) })]),
    ...(lag !== undefined && lag > LAG_MS ? [t('live.lag', { s: numberText(lag / 1000, 1) })] : []),
  ].join(' · ')
}

/** Whether what is so has been so for so long. */
function useLasts(what: string, ms: number): boolean {
  const [lasting, setLasting] = useState<string>()
  useEffect(() => {
    const timer = setTimeout(() => setLasting(what), ms)
    return () => clearTimeout(timer)
  }, [what, ms])
  return lasting === what
}
