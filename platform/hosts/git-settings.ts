import { z } from 'zod'

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
