import { useEffect, useRef, useState } from 'react'
import { plainClient } from '../../../lib/client.ts'
import { onRecover } from '../../../lib/connection.ts'
import { messageOf } from '../../../lib/message-of.ts'
import { useEvery } from '../../../lib/use-every.ts'
import { TimelineDocument } from '../api/timeline.ts'
import { MINUTES, minutesToAsk, type Timeline, withAnswer } from './timeline.ts'

const EVERY_MS = 15_000

interface TimelineState {
  /** Undefined before the first answer. */
  readonly timeline: Timeline | undefined
  /** Why it is not up to date; empty while it is. */
  readonly problem: string
}

/** The last hour of a camera: asked for once as a whole, then its newest minutes while somebody looks. */
export function useTimeline(cameraId: string): TimelineState {
  const [state, setState] = useState<TimelineState>({ timeline: undefined, problem: '' })
  const asked = useRef({ at: 0, isUnderWay: false })
  const ask = async (minutes: number): Promise<void> => {
    if (asked.current.isUnderWay) return
    const at = Date.now()
    asked.current.isUnderWay = true
    const { data, error } = await plainClient.query(TimelineDocument, { cameraId, minutes }).toPromise()
    asked.current = { at: data ? at : asked.current.at, isUnderWay: false }
    setState(({ timeline }) => ({
      timeline: data ? withAnswer(timeline, data.timeline) : timeline,
      problem: error ? messageOf(error) : '',
    }))
  }
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    void latest.current(MINUTES)
    return onRecover(() => void latest.current(MINUTES))
  }, [])
  useEvery(EVERY_MS, () => {
    if (!document.hidden) void ask(minutesToAsk(state.timeline, Date.now(), asked.current.at))
  })
  return state
}
