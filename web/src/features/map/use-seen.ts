import { useEffect, useRef, useState } from 'react'
import { useSubscription } from 'urql'
import { useEvery } from '../../lib/use-every.ts'
import { SeenDocument } from './api/map-cameras.ts'

/** More cameras than this are looked at as clusters, not one by one. */
const MOST = 40
const SHOW_EVERY_MS = 1000
/** What was seen longer ago than this says nothing about now, milliseconds. */
const FRESH_MS = 5000

/** How many objects each of these cameras sees now. */
export function useSeen(cameraIds: readonly string[]): ReadonlyMap<string, number> {
  const wanted = cameraIds.slice(0, MOST)
  const counted = useRef(new Map<string, { readonly count: number; readonly at: number }>())
  const [seen, setSeen] = useState<ReadonlyMap<string, number>>(new Map())
  const isIdle = wanted.length === 0
  useSubscription({ query: SeenDocument, variables: { cameraIds: wanted }, pause: isIdle }, (_, told) => {
    const { cameraId, boxes } = told.frameDetected
    counted.current.set(cameraId, { count: boxes.length, at: Date.now() })
    return told
  })
  const show = (): void => {
    const fresh = [...counted.current].filter(([, { at }]) => Date.now() - at < FRESH_MS)
    counted.current = new Map(fresh)
    setSeen((before) => {
      const now = new Map(fresh.map(([id, { count }]) => [id, count]))
      return isSame(before, now) ? before : now
    })
  }
  useEvery(SHOW_EVERY_MS, show)
  useEffect(() => {
    if (isIdle) counted.current.clear()
  }, [isIdle])
  return seen
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([id, count]) => b.get(id) === count)
}
