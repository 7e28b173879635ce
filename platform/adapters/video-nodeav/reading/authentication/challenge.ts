/** What a server asks to be answered with, from its `WWW-Authenticate` (RFC 9110, 11.6.1). */
export interface Challenge {
  /** In lower case, such as `basic` or `digest`. */
  readonly scheme: string
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>
}

const TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]+"
/** A parameter, or the name of the scheme that the parameters after it belong to. */
const ITEM = new RegExp(`(${TOKEN})(?:\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+)))?`, 'g')

/** Every challenge of a header, whose schemes may lie in one line or in several that were joined by commas. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  for (const [, name, quoted, plain] of header.matchAll(ITEM)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? plain
    if (value === undefined) challenges.push({ scheme: name!.toLowerCase(), parameters: {} })
    else if (challenges.length > 0) challenges.at(-1)!.parameters[name!.toLowerCase()] = value
  }
  return challenges
}
