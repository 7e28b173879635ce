import { type ErrorCode, SentinelError, type Told } from '../platform/errors.ts'
import { builder } from './builder.ts'

/** Why a mutation did nothing: a code for programs, a message that tells a person what to do. */
export interface UserError {
  readonly code: ErrorCode
  readonly message: string
  /** For who words it in another language. */
  readonly told: Told | undefined
}

const Blank = builder.objectRef<Told['blanks'][number]>('Blank').implement({
  description: 'What stands in a blank of a text.',
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
})

export const SentenceType = builder.objectRef<Told>('Sentence').implement({
  description: 'A sentence for who words it in another language.',
  fields: (t) => ({
    reason: t.exposeString('reason', { description: 'Names it.' }),
    blanks: t.field({
      type: [Blank],
      description: 'What is filled into the sentence of this name.',
      resolve: ({ blanks }) => blanks,
    }),
  }),
})

export const UserErrorType = builder.objectRef<UserError>('UserError').implement({
  description: 'Why a mutation did nothing.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'Stable, for programs.' }),
    message: t.exposeString('message', { description: 'For people: what is wrong, and what to do.' }),
    reason: t.string({
      nullable: true,
      description: 'Names the message, for who words it in another language; null where it has no name.',
      resolve: ({ told }) => told?.reason,
    }),
    blanks: t.field({
      type: [Blank],
      description: 'What is filled into the message of this reason.',
      resolve: ({ told }) => told?.blanks ?? [],
    }),
  }),
})

export type Result<T> = { readonly value?: T; readonly errors: readonly UserError[] }

/** Failures that a person caused are results; every other one stays an error, and is masked. */
export async function resultOf<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { value: await work(), errors: [] }
  } catch (error) {
    if (error instanceof SentinelError && !error.retryable) {
      return { errors: [{ code: error.code, message: error.message, told: error.told }] }
    }
    throw error
  }
}
