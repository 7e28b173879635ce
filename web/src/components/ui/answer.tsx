import type { ReactNode } from 'react'
import { messageOf } from '../../lib/message-of.ts'
import { Failure } from './failure.tsx'
import { Loading } from './loading.tsx'

interface AnswerProps<Data> {
  readonly of: {
    readonly data: Data | undefined
    readonly error: Error | undefined
    readonly isLoading: boolean
    refresh(): void
  }
  readonly children: (data: Data) => ReactNode
}

/** What an answer holds; until there is one, that it comes, or why it does not. */
export function Answer<Data>({ of: { data, error, refresh }, children }: AnswerProps<Data>) {
  if (data !== undefined) return children(data)
  return error ? <Failure message={messageOf(error)} onRetry={refresh} /> : <Loading />
}
