import { useState } from 'react'
import { type AnyVariables, type TypedDocumentNode, useMutation } from 'urql'
import { problemIn } from './message-of.ts'
import type { Refusal } from './refusal.ts'

interface Refusable {
  readonly errors: readonly Refusal[]
}

/** Sends a wish that can be refused. @param onDone once it is granted. */
export function useWish<Name extends string, Variables extends AnyVariables>(
  document: TypedDocumentNode<Record<Name, Refusable>, Variables>,
  onDone?: () => void,
) {
  const [{ fetching }, send] = useMutation(document)
  const [problem, setProblem] = useState<string>()
  return {
    isSending: fetching,
    problem,
    send: async (variables: Variables): Promise<void> => {
      setProblem(undefined)
      const { data, error } = await send(variables)
      const payload = data && (Object.values(data)[0] as Refusable)
      const refusal = problemIn(payload?.errors, error)
      if (refusal === undefined) onDone?.()
      else setProblem(refusal)
    },
  }
}
