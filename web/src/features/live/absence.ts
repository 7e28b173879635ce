/** A connection that is lost for a moment, and a picture that is on its way, need nobody's help, ms. */
const PATIENCE_MS = 6000

/** Why a camera shows no picture, as keys of texts: the first that there is counts. */
interface Absence {
  readonly reasons: readonly string[]
  /** What to do, or who does it. */
  readonly advice: readonly string[]
  /** How long it has to last until that is said. */
  readonly adviseAfterMs: number
}

interface Known {
  /** The page's own connection. */
  readonly isConnected: boolean
  readonly state: 'UNKNOWN' | 'ONLINE' | 'OFFLINE'
  readonly stateReason: string | null | undefined
  /** Switched on and in its hours. */
  readonly isWatched: boolean
}

export function absenceOf({ isConnected, state, stateReason, isWatched }: Known): Absence {
  if (!isConnected) return said('live.reconnecting', 'live.advice.reconnecting', PATIENCE_MS)
  if (!isWatched) return said('state.outside', 'live.advice.outside', 0)
  if (state !== 'OFFLINE')
    return said('live.waiting', state === 'ONLINE' ? 'live.advice.online' : 'live.advice.unseen', PATIENCE_MS)
  return {
    reasons: [`reason.${stateReason}`, 'state.OFFLINE'],
    advice: [`live.advice.${stateReason}`, 'live.advice.offline'],
    adviseAfterMs: 0,
  }
}

function said(reason: string, advice: string, adviseAfterMs: number): Absence {
  return { reasons: [reason], advice: [advice], adviseAfterMs }
}
