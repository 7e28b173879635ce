import type { Viewer } from './context.ts'
import { badInput } from './failures.ts'

/** Whoever holds the token of an embedded server and says no name. */
const ADMIN: Viewer = { id: 'admin', name: 'Administrator' }

/** Header in which a browser says who sits before it, percent-encoded. */
export const NAME_HEADER = 'x-sentinel-name'
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._'-]{0,39}$/u

/**
 * Several people may share a server and its token: what each of them says is kept under the name that they give. It says who
 * wants to have said it, and proves nothing.
 *
 * @throws GraphQLError `BAD_USER_INPUT` for what is no name.
 */
export function viewerNamed(given: string | null | undefined): Viewer {
  if (given == null || given === '') return ADMIN
  const name = decoded(given)?.trim()
  if (name === undefined || !NAME.test(name))
    throw badInput(
      'A name has 1 to 40 letters, digits, spaces, dots, hyphens and apostrophes. Change it in the preferences.',
    )
  return { id: name, name }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
