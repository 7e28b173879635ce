import git from 'isomorphic-git'
import { codeOf, messageOf } from '../../errors.ts'
import { type Said, say } from '../../said.ts'

/** Why a remote repository does not take or give commits, and what to do about it. @param url without its login. */
export function troubleWith(url: string, error: unknown): Said {
  if (error instanceof git.Errors.HttpError) return answered(url, error.data.statusCode)
  if (error instanceof git.Errors.GitPushError) return say('git.refused', { url, detail: refusalIn(error) })
  if (error instanceof TypeError && error.cause !== undefined)
    return say('git.silent', { url, detail: codeOf(error.cause) ?? messageOf(error.cause) })
  return say('git.waits', { url, detail: messageOf(error) })
}

function answered(url: string, status: number): Said {
  if (status === 401 || status === 403) return say('git.login', { url, status })
  return status === 404 ? say('git.gone', { url }) : say('git.answers', { url, status })
}

function refusalIn({ data: { result } }: InstanceType<typeof git.Errors.GitPushError>): string {
  const refusals = Object.values(result.refs).flatMap(({ error }) => (error ? [error.trim()] : []))
  return refusals.join(', ') || 'it does not say why'
}
