import { useSyncExternalStore } from 'react'
import { socketEvents } from './client.ts'

export type ConnectionState = 'online' | 'offline' | 'reconnecting' | 'recovered'

export interface Connection {
  readonly state: ConnectionState
  /** When the server was last heard, ms since the epoch. */
  readonly heardAt: number
}

const RECOVERED_FOR_MS = 4000

const listeners = new Set<() => void>()
const recoverers = new Set<() => void>()
let connection: Connection = { state: 'online', heardAt: Date.now() }

/** Whether the server is there, as the page that asks it all the time has found. */
export function tellHeard(isHeard: boolean): void {
  const wasLost = connection.state === 'offline' || connection.state === 'reconnecting'
  if (!isHeard) return void set({ ...connection, state: navigator.onLine ? 'reconnecting' : 'offline' })
  const heardAt = Date.now()
  if (!wasLost) return void set({ ...connection, heardAt })
  set({ state: 'recovered', heardAt })
  for (const recover of recoverers) recover()
  setTimeout(() => {
    if (connection.state === 'recovered') set({ ...connection, state: 'online' })
  }, RECOVERED_FOR_MS)
}

/** What was missed while nobody answered is asked for when somebody does. */
export function onRecover(work: () => void): () => void {
  recoverers.add(work)
  return () => void recoverers.delete(work)
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => connection,
  )
}

function set(next: Connection): void {
  connection = next
  for (const listener of listeners) listener()
}

window.addEventListener('offline', () => tellHeard(false))
socketEvents.onLost(() => tellHeard(false))
