import { z } from 'zod'
import { GitRepository } from '../adapters/repository-git/git-repository.ts'
import type { Remote } from '../adapters/repository-git/remote.ts'

/** Where the deployment's repository is exchanged with others. */
export const gitSettings = {
  /** http or https, with the login in it where one is needed; without it the repository stays here. */
  gitRemote: z
    .url({
      protocol: /^https?$/,
      message: 'give the http or https URL of a Git repository, such as https://user:token@host/deploy.git',
    })
    .optional(),
  gitBranch: z.string().min(1).default('main'),
  /** Seconds without a word after which the remote repository counts as gone. */
  gitTimeout: z.number().positive('gitTimeout is above 0').max(300, 'gitTimeout is at most 300').default(10),
}

export interface GitSettings {
  readonly gitRemote?: string | undefined
  readonly gitBranch: string
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
