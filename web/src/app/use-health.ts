import { useQuery } from 'urql'
import { useEvery } from '../lib/use-every.ts'
import { HealthDocument, type HealthPart } from './api/health.ts'

const OFTEN_MS = 3000

interface SystemState {
  readonly isSignedOut: boolean
  readonly isServerGone: boolean
  /** Parts that are not ready. */
  readonly troubled: readonly HealthPart[]
}

/** How the whole system is, asked again and again. */
export function useHealth(): SystemState {
  const [{ data, error }, refresh] = useQuery({ query: HealthDocument, requestPolicy: 'cache-and-network' })
  useEvery(OFTEN_MS, () => refresh({ requestPolicy: 'network-only' }))
  const isSignedOut = error?.response?.status === 401
  return {
    isSignedOut,
    isServerGone: !isSignedOut && error?.networkError !== undefined,
    troubled: troubledOf(data?.health.parts ?? []),
  }
}

/** Parts that wait for the same thing say so once. */
function troubledOf(parts: readonly HealthPart[]): HealthPart[] {
  const troubled = parts.filter(({ state }) => state !== 'READY')
  return troubled.filter(({ message }, i) => troubled.findIndex((part) => part.message === message) === i)
}
