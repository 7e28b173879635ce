import i18next from 'i18next'
import type { CombinedError } from 'urql'
import type { Blank, Refusal } from './refusal.ts'
import { sentenceText } from './said.ts'

const SIGNED_OUT = 401

/** Why something was not done, in the language of the page; undefined when it was. */
export function problemIn(refusals: readonly Refusal[] | undefined, error: Error | undefined): string | undefined {
  const refusal = refusals?.[0]
  return refusal ? refusalText(refusal) : error && messageOf(error)
}

/** In the server's English where the page has no words for it. */
export function refusalText({ reason, blanks, message }: Pick<Refusal, 'reason' | 'blanks' | 'message'>): string {
  return (reason && sentenceText({ reason, blanks })) || message
}

/** Why there is no answer, in the language of the page. */
export function messageOf(error: Error): string {
  const { networkError, graphQLErrors, response } = error as Partial<CombinedError>
  if (response?.status === SIGNED_OUT) return i18next.t('failure.signedOut')
  if (networkError) return i18next.t('failure.network')
  const [told] = graphQLErrors ?? []
  return told ? toldText(told) : error.message
}

interface ToldError {
  readonly message: string
  readonly extensions?: {
    readonly code?: unknown
    readonly reason?: string
    readonly blanks?: readonly Blank[]
  }
}

function toldText({ message, extensions: { code, reason, blanks } = {} }: ToldError): string {
  if (code === 'INTERNAL_SERVER_ERROR') return i18next.t('failure.unexpected')
  return refusalText({ message, reason: reason ?? null, blanks: blanks ?? [] })
}
