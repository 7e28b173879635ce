import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Consumer } from '../../../platform/hosts/consumer.ts'
import type { Log } from '../../../platform/ports/log.ts'
import { cpuMs } from '../figures.ts'
import { hostDetect } from './host.ts'

export interface Replica {
  /** Processor time since it was ready, milliseconds. */
  cpuMs(): Promise<number>
  /** Finishes, commits and leaves the group. */
  stop(): Promise<void>
  /** As a machine that loses power. */
  kill(): Promise<void>
}

/** @param costMs that the stubbed model takes for a picture. */
export type AddReplica = (costMs: number) => Promise<Replica>

/** Each a process with its own connections. */
export function processes(url: string): AddReplica {
  return async (costMs) => {
    const child = fork(new URL('./detect.child.ts', import.meta.url), {
      env: { ...process.env, SENTINEL_LOG: url, STUB_MS: `${costMs}` },
      execArgv: ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'],
    })
    await heard(child)
    const ended = once(child, 'exit')
    return {
      cpuMs: () => {
        child.send('cpu')
        return heard(child) as Promise<number>
      },
      stop: async () => {
        child.send('stop')
        await ended
      },
      kill: async () => {
        child.kill('SIGKILL')
        await ended
      },
    }
  }
}

/** Each a member of the group in this process, as the embedded log has them: the oldest one answers for what all of the process uses. */
export function members(log: Log): AddReplica {
  const consumers: Consumer[] = []
  return async (costMs) => {
    const consumer = await hostDetect(log, costMs)
    consumers.push(consumer)
    const stop = async (): Promise<void> => {
      consumers.splice(consumers.indexOf(consumer), 1)
      await consumer.stop()
    }
    return { cpuMs: async () => (consumers[0] === consumer ? cpuMs() : 0), stop, kill: stop }
  }
}

async function heard(child: ChildProcess): Promise<unknown> {
  const over = new AbortController()
  const ended = once(child, 'exit', { signal: over.signal }).then(
    () => Promise.reject(new Error('A detect process has ended by itself; see above')),
    () => new Promise(() => {}),
  )
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown]
  over.abort()
  return message
}
