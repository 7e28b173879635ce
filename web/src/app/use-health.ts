import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { tellHeard } from '../lib/connection.ts'
import { useEvery } from '../lib/use-every.ts'
import { HealthDocument, type HealthPart } from './api/health.ts'

const OFTEN_MS = 3000
const OFTEN_WHILE_GONE_MS = 1000

interface SystemState {
  readonly isSignedOut: boolean
  /** Parts that are not ready. */
  readonly troubled: readonly HealthPart[]
}

/** How the whole system is, asked again and again; each answer also tells that the server is there. */
export function useHealth(): SystemState {
  const [answer, refresh] = useQuery({ query: HealthDocument, requestPolicy: 'cache-and-network' })
  const { data, error, fetching } = answer
  const isSignedOut = error?.response?.status === 401
  const isGone = !isSignedOut && error?.networkError !== undefined
  const parts = useRef<readonly HealthPart[]>([])
  if (data) parts.current = data.health.parts
  useEvery(isGone ? OFTEN_WHILE_GONE_MS : OFTEN_MS, () => refresh({ requestPolicy: 'network-only' }))
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer counts, and each is an object of its own
  useEffect(() => {
    if (!fetching) tellHeard(!isGone)
  }, [answer])
  return { isSignedOut, troubled: troubledOf(parts.current) }
}

/** Parts that wait for the same thing say so once. */
function troubledOf(parts: readonly HealthPart[]): HealthPart[] {
  const troubled = parts.filter(({ state }) => state !== 'READY')
  return troubled.filter(({ message }, i) => troubled.findIndex((part) => part.message === message) === i)
}
