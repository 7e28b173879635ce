import { useCallback, useEffect, useState } from 'react'
import { useClient } from 'urql'
import { onReconnect } from '../../lib/client.ts'
import { type EventFilter, EventLoggedDocument, EventsDocument, type LoggedEvent } from './api/events.ts'
import { merge } from './merge.ts'

/** More than anybody reads on one page; older ones are a question away. */
const MAX_SHOWN = 2000

const RETRY_MS = 1000

/** The newest events and those that come while one looks; after a lost connection the gap is asked for. */
export function useEvents(filter: EventFilter) {
  const client = useClient()
  const key = JSON.stringify(filter)
  const [events, setEvents] = useState<readonly LoggedEvent[]>([])
  const [older, setOlder] = useState<string | null>(null)
  const [isLoaded, setLoaded] = useState(false)
  const add = useCallback(
    (more: readonly LoggedEvent[]) => setEvents((known) => merge(known, more).slice(0, MAX_SHOWN)),
    [],
  )

  const load = useCallback(
    async (after: string | null) => {
      const variables = { filter: JSON.parse(key) as EventFilter, after }
      const { data } = await client.query(EventsDocument, variables, { requestPolicy: 'network-only' }).toPromise()
      if (!data) return
      const { edges, pageInfo } = data.events
      add(edges.map(({ node }) => node))
      setOlder(pageInfo.hasNextPage ? pageInfo.endCursor : null)
      setLoaded(true)
    },
    [client, key, add],
  )

  useEffect(() => {
    setEvents([])
    setLoaded(false)
    const variables = { filter: JSON.parse(key) as EventFilter }
    let retry: ReturnType<typeof setTimeout> | undefined
    let stop = (): void => {}
    const follow = (): void => {
      clearTimeout(retry)
      stop()
      const { unsubscribe } = client.subscription(EventLoggedDocument, variables).subscribe(({ data, error }) => {
        if (data) add([data.eventLogged])
        // The server ends a subscription that falls behind; what it missed is in the first page again.
        if (error) retry = setTimeout(follow, RETRY_MS)
      })
      stop = unsubscribe
      void load(null)
    }
    follow()
    const forget = onReconnect(() => void load(null))
    return () => {
      clearTimeout(retry)
      stop()
      forget()
    }
  }, [client, key, load, add])

  return { events, isLoaded, loadOlder: older === null ? undefined : () => void load(older) }
}
