import { GraphQLError } from 'graphql'
import { maskError } from 'graphql-yoga'
import { codeOf, messageOf, SentinelError } from '../platform/errors.ts'
import { refusal } from '../platform/refusal.ts'

export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

export function tooLarge(characters: number): GraphQLError {
  return new GraphQLError(`A query has at most ${characters} characters; put data into variables`, {
    extensions: { code: 'QUERY_TOO_LARGE', http: { status: 413 } },
  })
}

export function tooSlow(waiting: number): GraphQLError {
  const message = `More than ${waiting} events were waiting for this subscription. Ask for what was missed with a query, then subscribe again.`
  return new GraphQLError(message, { extensions: { code: 'TOO_SLOW' } })
}

/** What is only passing says so; what nobody expected goes to `onError` and is told without its inside. */
export function mask(
  error: unknown,
  message: string,
  isDev: boolean | undefined,
  onError: (error: Error) => void,
): Error {
  const original = (error as { originalError?: unknown }).originalError
  if (original instanceof SentinelError) return tellable(original, onError)
  if (isDataException(original)) return badInput(`A value in the request cannot be used: ${messageOf(original)}`)
  if (original !== undefined && !(original instanceof GraphQLError)) onError(original as Error)
  return maskError(error, message, isDev)
}

function tellable(error: SentinelError, onError: (error: Error) => void): GraphQLError {
  if (error.retryable) onError(error)
  const { message, told } = error.retryable ? refusal('unavailable', {}) : error
  return new GraphQLError(message, { extensions: { code: error.code, ...told } })
}

/** SQLSTATE class 22: text with a zero byte, a number out of range; nothing that the database could do better. */
function isDataException(error: unknown): boolean {
  return /^22...$/.test(codeOf(error) ?? '')
}
