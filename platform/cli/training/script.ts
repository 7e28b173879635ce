import { spawn } from 'node:child_process'
import { SentinelError } from '../../errors.ts'
import { say } from '../../said.ts'

/** A script that ended by itself with something else than 0: run again it would do so again. */
export class EndedScript extends SentinelError {}

function ended(script: string, status: number | null): EndedScript {
  const {
    text,
    told: [told],
  } = say('training.scriptEnded', { script, status: String(status) })
  return new EndedScript('INPUT_INVALID', text, { told: told! })
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs a script to its end, what it says going to stderr. Whoever stops this process stops the script with all that it started.
 *
 * @throws EndedScript where it failed; SentinelError `CANCELLED` where it was stopped.
 */
export function runScript(script: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(script, args, { stdio: ['ignore', 2, 2], detached: true })
  const stop = (): void => void (child.pid && process.kill(-child.pid, 'SIGTERM'))
  for (const each of SIGNALS) process.on(each, stop)
  signal.addEventListener('abort', stop)
  return new Promise<void>((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, killer) => {
      if (code === 0) return done()
      if (killer === null) return fail(ended(script, code))
      fail(new SentinelError('CANCELLED', `${script} was stopped by ${killer}. Run the job again: it goes on.`))
    })
  }).finally(() => {
    for (const each of SIGNALS) process.off(each, stop)
    signal.removeEventListener('abort', stop)
  })
}
