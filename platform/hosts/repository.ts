import { GitRepository } from '../adapters/repository-git/git-repository.ts'
import type { Remote } from '../adapters/repository-git/remote.ts'

interface GitSettings {
  /** http or https, with the login in it where one is needed; without it the repository stays here. */
  readonly gitRemote?: string | undefined
  readonly gitBranch: string
  /** Seconds. */
  readonly gitTimeout: number
}

/** The repository in a directory, exchanged with the remote one if there is any. */
export function openRepository(directory: string, { gitRemote, gitBranch, gitTimeout }: GitSettings) {
  return GitRepository.open({ directory, branch: gitBranch, remote: remoteAt(gitRemote, gitTimeout) })
}

/** @param text the URL, with its login. */
function remoteAt(text: string | undefined, timeout: number): Remote | undefined {
  if (text === undefined) return undefined
  const url = new URL(text)
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href, timeout, ...(username && { username, password }) }
}
