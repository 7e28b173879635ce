import { type ErrorCode, messageOf, SentinelError, type Told } from './errors.ts'
import { type BlanksIn, type BlankValues, filled } from './fill.ts'
import { SAYINGS } from './sayings.ts'

/** What Sentinel tells people: in English, and sentence by sentence for who words it in another language. */
export interface Said {
  readonly text: string
  readonly told: readonly Told[]
}

type Saying = keyof typeof SAYINGS

export function say<S extends Saying>(saying: S, blanks: BlankValues<BlanksIn<(typeof SAYINGS)[S]>>): Said {
  return { text: filled(SAYINGS[saying], blanks), told: [toldOf(saying, blanks)] }
}

/** One after the other. */
export function joined(parts: readonly Said[], between = ' '): Said {
  return { text: parts.map(({ text }) => text).join(between), told: parts.flatMap(({ told }) => told) }
}

/** Words that are not Sentinel's: of a person, or of what it stands on. */
export function plainly(text: string): Said {
  return say('plain', { text })
}

/** What an error says; of one that nobody has named, its own words. */
export function saidBy(error: unknown): Said {
  const told = error instanceof SentinelError ? error.told : undefined
  return told ? { text: messageOf(error), told: [told] } : plainly(messageOf(error))
}

/** An error that says so. */
export function failing(code: ErrorCode, { text, told: [told] }: Said, options?: ErrorOptions): SentinelError {
  return new SentinelError(code, text, { ...options, ...(told && { told }) })
}

export function toldOf(reason: string, blanks: Readonly<Record<string, string | number>>): Told {
  return { reason, blanks: Object.entries(blanks).map(([name, value]) => ({ name, value: String(value) })) }
}
