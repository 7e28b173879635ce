import { z } from 'zod'
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
}

/** @param text the URL, with its login. */
export function remoteAt(text: string | undefined): Remote | undefined {
  if (text === undefined) return undefined
  const url = new URL(text)
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href, ...(username && { username, password }) }
}
