import { type ErrorCode, SentinelError } from '../platform/errors.ts'
import { builder } from './builder.ts'

/** Why a mutation did nothing: a code for programs, a message that tells a person what to do. */
export interface UserError {
  readonly code: ErrorCode
  readonly message: string
}

export const UserErrorType = builder.objectRef<UserError>('UserError').implement({
  description: 'Why a mutation did nothing.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, for programs.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong, and what to do.' }),
  }),
})

export type Result<T> = { readonly value?: T; readonly errors: readonly UserError[] }

/** Failures that a person caused are results; every other one stays an error, and is masked. */
export async function resultOf<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { value: await work(), errors: [] }
  } catch (error) {
    if (error instanceof SentinelError && !error.retryable) {
      return { errors: [{ code: error.code, message: error.message }] }
    }
    throw error
  }
}
