import { useRef } from 'react'
import { useSubscription } from 'urql'
import { useEvery } from '../../lib/use-every.ts'
import { useFreshQuery } from '../../lib/use-fresh-query.ts'
import { RunChangedDocument, RunsDocument } from './api/training.ts'

/** What the subscription missed while nobody heard it. */
const REREAD_MS = 15_000
/** A run that is new, or has a new state, is told before the list is asked again: at most so often. */
const SETTLE_MS = 500

/** All trainings, the newest first; those at work change step by step as they are told. */
export function useRuns() {
  const answer = useFreshQuery(RunsDocument, { everyMs: REREAD_MS })
  const runs = answer.data?.trainingRuns.edges.map(({ node }) => node)
  const isStale = useRef(false)
  useSubscription({ query: RunChangedDocument }, (_, told) => {
    // The cache has put what was told into the runs it knows.
    if (!runs?.some(({ id }) => id === told.trainingRunChanged.id)) isStale.current = true
    return told
  })
  useEvery(SETTLE_MS, () => {
    if (!isStale.current) return
    isStale.current = false
    answer.refresh()
  })
  return { answer, runs }
}
