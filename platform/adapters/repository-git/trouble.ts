import git from 'isomorphic-git'
import { codeOf, messageOf } from '../../errors.ts'

/** Why a remote repository does not take or give commits, and what to do about it, in one sentence without its end. */
export function troubleWith(error: unknown): string {
  if (error instanceof git.Errors.HttpError) return answered(error.data.statusCode)
  if (error instanceof git.Errors.GitPushError) return `it refuses the push (${refusalIn(error)}); allow it there`
  if (error instanceof TypeError && error.cause !== undefined)
    return `nothing answers there (${codeOf(error.cause) ?? messageOf(error.cause)}); check the address and the network`
  return messageOf(error)
}

function answered(status: number): string {
  if (status === 401 || status === 403)
    return `it does not take the login (${status}); put one that may push into SENTINEL_GIT_REMOTE, as https://user:token@host/…`
  if (status === 404) return 'there is no repository, or the login may not see it (404); correct SENTINEL_GIT_REMOTE'
  return `it answers ${status}`
}

function refusalIn({ data: { result } }: InstanceType<typeof git.Errors.GitPushError>): string {
  const refusals = Object.values(result.refs).flatMap(({ error }) => (error ? [error.trim()] : []))
  return refusals.join(', ') || 'it does not say why'
}
