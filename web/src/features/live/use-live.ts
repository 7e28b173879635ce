import { useSyncExternalStore } from 'react'
import type { LiveConnection, LiveSnapshot } from './live-connection.ts'

export function useLive(connection: LiveConnection): LiveSnapshot {
  return useSyncExternalStore(connection.subscribe, connection.snapshot)
}
