import { useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
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
  const client = useClient()
  const asked = JSON.stringify(wanted)
  // Not by a hook, which would render the map anew for each of hundreds of frames a second.
  useEffect(() => {
    const cameraIds: string[] = JSON.parse(asked)
    if (cameraIds.length === 0) return counted.current.clear()
    return client.subscription(SeenDocument, { cameraIds }).subscribe(({ data }) => {
      if (!data) return
      const { cameraId, boxes } = data.frameDetected
      counted.current.set(cameraId, { count: boxes.length, at: Date.now() })
    }).unsubscribe
  }, [client, asked])
  const show = (): void => {
    const fresh = [...counted.current].filter(([, { at }]) => Date.now() - at < FRESH_MS)
    counted.current = new Map(fresh)
    setSeen((before) => {
      const now = new Map(fresh.map(([id, { count }]) => [id, count]))
      return isSame(before, now) ? before : now
    })
  }
  useEvery(SHOW_EVERY_MS, show)
  return seen
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([id, count]) => b.get(id) === count)
}
