import { z } from 'zod'

// What both one function alone and everything together can be told. Each is made when it is asked for: making schemas is a good part of a
// small function's cold start.

export const host = () => z.string().default('127.0.0.1')

export const port = () =>
  z.number().int().min(0, 'a port lies between 0 and 65535').max(65535, 'a port lies between 0 and 65535')

/** Path of the model's class names, one a line. */
export const names = () => z.string().optional()

/** Threads that run the model; one a core without it. */
export const detectWorkers = () => z.number().int().min(1).optional()

/** CIDR ranges that cameras may be in. */
export const sourceNetworks = () => z.array(z.string()).default([])

export const logLevel = () => z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])

/** Where the deployment's repository is exchanged with others: http or https, with the login in it where one is needed. */
export const gitRemote = () =>
  z.url({
    protocol: /^https?$/,
    message: 'give the http or https URL of a Git repository, such as https://user:token@host/deploy.git',
  })

export const gitBranch = () => z.string().min(1).default('main')

/** Seconds without a word after which the remote repository counts as gone. */
export const gitTimeout = () =>
  z.number().positive('gitTimeout is above 0').max(300, 'gitTimeout is at most 300').default(10)
