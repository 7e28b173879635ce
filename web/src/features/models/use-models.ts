import { useRef } from 'react'
import { useSubscription } from 'urql'
import { useEvery } from '../../lib/use-every.ts'
import { useFreshQuery } from '../../lib/use-fresh-query.ts'
import { ModelChangedDocument, ModelsDocument } from './api/models.ts'
import { RolloutsDocument } from './api/rollouts.ts'

/** What the subscription missed, and evaluations and rollouts, which go on without an event for each step. */
const REREAD_MS = 5000
const SETTLE_MS = 500

/** All models that are known and the commits that let them run, the newest first; asked again soon after something was told. */
export function useModels() {
  const answer = useFreshQuery(ModelsDocument, { everyMs: REREAD_MS })
  const commits = useFreshQuery(RolloutsDocument, { everyMs: REREAD_MS })
  const refresh = (): void => {
    answer.refresh()
    commits.refresh()
  }
  const isStale = useRef(false)
  useSubscription({ query: ModelChangedDocument }, (_, told) => {
    isStale.current = true
    return told
  })
  useEvery(SETTLE_MS, () => {
    if (!isStale.current) return
    isStale.current = false
    refresh()
  })
  return {
    answer,
    commits,
    refresh,
    models: answer.data?.models.edges.map(({ node }) => node) ?? [],
    rollouts: commits.data?.rollouts.edges.map(({ node }) => node) ?? [],
  }
}
