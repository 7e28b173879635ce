/** Why the server did not do what it was asked to. */
export interface Refusal {
  readonly code: string
  /** In English. */
  readonly message: string
  /** Names the message; null where it has no name. */
  readonly reason: string | null
  readonly blanks: readonly Blank[]
}

export interface Blank {
  readonly name: string
  readonly value: string
}

/** What each mutation asks of its errors. */
export const REFUSAL = 'code message reason blanks { name value }'
