import { messageOf, SentinelError } from '../errors.ts'

/** Ends the process with what went wrong: what to do about it, or for an error that nobody foresaw where it came from. */
export function exitWith(error: unknown): never {
  const isForeseen = error instanceof SentinelError || !(error instanceof Error)
  process.stderr.write(`${isForeseen ? messageOf(error) : (error.stack ?? error.message)}\n`)
  process.exit(1)
}
