/** Every way in which a delivery or a request can fail, and whether trying again can help. */
const RETRYABLE = {
  EVENT_MALFORMED: false,
  EVENT_INVALID: false,
  EVENT_UNDECLARED: false,
  PICTURE_UNDECODABLE: false,
  PICTURE_EXPIRED: false,
  MODEL_INVALID: false,
  DATASET_INVALID: false,
  SOURCE_REFUSED: false,
  SOURCE_FAILED: true,
  SOURCE_UNREADABLE: false,
  CONFIGURATION_INVALID: false,
  INPUT_INVALID: false,
  CATALOGUE_INVALID: false,
  NOT_FOUND: false,
  CONFLICT: false,
  CANCELLED: false,
  DATA_DIRECTORY_IN_USE: false,
  PORT_IN_USE: false,
  SERVER_UNAVAILABLE: true,
  MEMBERSHIP_LOST: true,
  RECORD_REFUSED: false,
  LOG_UNAVAILABLE: true,
  DATABASE_UNAVAILABLE: true,
  OBJECTS_UNAVAILABLE: true,
  MODEL_UNAVAILABLE: true,
  VIDEO_UNAVAILABLE: true,
} as const

export type ErrorCode = keyof typeof RETRYABLE

/** What an error says, for whoever words it in another language: its key in `REFUSALS` or `SAYINGS`, and what its blanks hold. */
export interface Told {
  readonly reason: string
  readonly blanks: readonly { readonly name: string; readonly value: string }[]
}

interface SentinelErrorOptions extends ErrorOptions {
  readonly told?: Told
}

export class SentinelError extends Error {
  readonly code: ErrorCode
  readonly told: Told | undefined

  constructor(code: ErrorCode, message: string, options?: SentinelErrorOptions) {
    super(message, options)
    this.name = 'SentinelError'
    this.code = code
    this.told = options?.told
  }

  get retryable(): boolean {
    return RETRYABLE[this.code]
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The `code` that Node, PostgreSQL and SentinelError put on their errors. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : undefined
}
