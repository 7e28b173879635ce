import { useEffect, useRef } from 'react'
import { type AnyVariables, type CombinedError, type DocumentInput, useQuery } from 'urql'
import { onRecover } from './connection.ts'
import { useEvery } from './use-every.ts'

interface Fresh<Data> {
  /** The last good answer to this question; a failure after it takes nothing away. */
  readonly data: Data | undefined
  readonly error: CombinedError | undefined
  readonly isLoading: boolean
  refresh(): void
}

interface Options<Variables> {
  readonly variables?: Variables
  /** Asks again this often. */
  readonly everyMs?: number
}

/** A question whose answer is kept up to date: asked again in time, and after the server was away. */
export function useFreshQuery<Data, Variables extends AnyVariables>(
  query: DocumentInput<Data, Variables>,
  { variables, everyMs }: Options<Variables> = {},
): Fresh<Data> {
  const [{ data, error, fetching }, ask] = useQuery({ query, variables: variables as Variables })
  const refresh = (): void => ask({ requestPolicy: 'network-only' })
  useEvery(everyMs ?? Number.POSITIVE_INFINITY, refresh)
  const latest = useRef(refresh)
  latest.current = refresh
  useEffect(() => onRecover(() => latest.current()), [])
  const asked = JSON.stringify(variables ?? {})
  const good = useRef<{ readonly asked: string; readonly data: Data }>(undefined)
  if (data) good.current = { asked, data }
  const kept = data ?? (good.current?.asked === asked ? good.current.data : undefined)
  return { data: kept, error, isLoading: fetching && kept === undefined, refresh }
}
