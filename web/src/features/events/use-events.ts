import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { onReconnect, plainClient } from '../../lib/client.ts'
import { type EventFilter, EventLoggedDocument, EventsDocument, type LoggedEvent } from './api/events.ts'
import { EventList, type Events } from './event-list.ts'

/** The newest events that match, and those that come while one looks. */
export function useEvents(filter: EventFilter) {
  const key = JSON.stringify(filter)
  const list = useMemo(() => new EventList(eventsOf(JSON.parse(key) as EventFilter)), [key])
  useEffect(() => {
    list.open()
    return () => list.close()
  }, [list])
  return { ...useSyncExternalStore(list.subscribe, list.snapshot), loadOlder: list.loadOlder }
}

function eventsOf(filter: EventFilter): Events<LoggedEvent> {
  return {
    onReconnect,
    page: async (after, from) => {
      const variables = { after, filter: { ...filter, ...(from && { from }) } }
      const { data } = await plainClient.query(EventsDocument, variables, { requestPolicy: 'network-only' }).toPromise()
      if (!data) return undefined
      const { edges, pageInfo } = data.events
      return { events: edges.map(({ node }) => node), next: pageInfo.hasNextPage ? pageInfo.endCursor : null }
    },
    listen: (onEvent, onEnd) => {
      const { unsubscribe } = plainClient.subscription(EventLoggedDocument, { filter }).subscribe(({ data, error }) => {
        if (data) onEvent(data.eventLogged)
        // The server ends a subscription that falls behind.
        if (error) onEnd()
      })
      return unsubscribe
    },
  }
}
