import { type ErrorCode, messageOf, SentinelError, type Told } from '../../errors.ts'

/** An error as one thread tells it another. */
export interface Failure {
  readonly kind: 'failed'
  readonly code: ErrorCode | undefined
  readonly message: string
  readonly told: Told | undefined
}

export function failureOf(error: unknown): Failure {
  const { code, told } = error instanceof SentinelError ? error : { code: undefined, told: undefined }
  return { kind: 'failed', code, told, message: messageOf(error) }
}

export function errorOf({ code, message, told }: Failure): Error {
  return code ? new SentinelError(code, message, { ...(told && { told }) }) : new Error(message)
}
