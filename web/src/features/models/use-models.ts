import { useRef } from 'react'
import { useSubscription } from 'urql'
import { useEvery } from '../../lib/use-every.ts'
import { useFreshQuery } from '../../lib/use-fresh-query.ts'
import { ModelChangedDocument, ModelsDocument } from './api/models.ts'

/** What the subscription missed, and evaluations, which go on without an event for each step. */
const REREAD_MS = 5000
const SETTLE_MS = 500

/** All models that are known; asked again soon after something was told of one. */
export function useModels() {
  const answer = useFreshQuery(ModelsDocument, { everyMs: REREAD_MS })
  const isStale = useRef(false)
  useSubscription({ query: ModelChangedDocument }, (_, told) => {
    isStale.current = true
    return told
  })
  useEvery(SETTLE_MS, () => {
    if (!isStale.current) return
    isStale.current = false
    answer.refresh()
  })
  return { answer, models: answer.data?.models.edges.map(({ node }) => node) ?? [] }
}
