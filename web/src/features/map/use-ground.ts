import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { messageOf } from '../../lib/message-of.ts'
import { MapStyleDocument } from './api/map-style.ts'
import { type Ground, loadGround } from './ground.ts'

interface GroundState {
  /** Undefined for the built-in one, and until it is there. */
  readonly found: Ground | undefined
  /** What did not load, in words; empty when nothing is missing. */
  readonly problem: string
  /** @param isGone all of it, and not a part only. */
  fail(reason: string, isGone: boolean): void
}

interface Failure {
  readonly reason: string
  readonly isGone: boolean
}

/** What the server was told to draw under the cameras. */
export function useGround(): GroundState {
  const { t } = useTranslation()
  const [{ data }] = useQuery({ query: MapStyleDocument })
  const [found, setFound] = useState<Ground>()
  const [failure, setFailure] = useState<Failure>()
  const url = data?.dashboard.mapStyle
  const fail = (reason: string, isGone: boolean): void =>
    setFailure((before) => (before?.isGone ? before : { reason, isGone }))
  useEffect(() => {
    if (!url) return
    let isWanted = true
    loadGround(url).then(
      (ground) => isWanted && setFound(ground),
      (error: Error) => isWanted && setFailure({ reason: messageOf(error), isGone: true }),
    )
    return () => {
      isWanted = false
    }
  }, [url])
  const words = failure && url && { host: new URL(url).host, reason: failure.reason }
  const problem = words ? t(failure.isGone ? 'map.groundGone' : 'map.groundPart', words) : ''
  return { found, problem, fail }
}
