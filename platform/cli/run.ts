import { setTimeout as sleep } from 'node:timers/promises'
import type { Implementation } from '../function.ts'
import { type LoneFunction, runAlone } from '../hosts/alone/alone.ts'
import { untilAskedToStop } from './stopping.ts'

/** Between two looks at the lag of a function that ends with its work, milliseconds. */
const LOOK_MS = 1000

export interface RunFlags {
  /** Events come over HTTP. */
  readonly http?: boolean
  /** It ends when there is nothing left to do, as a Job does. */
  readonly untilIdle?: boolean
}

/** Runs one function until Ctrl-C, SIGTERM, the end of the process that started it, or of its work. */
export async function run(fn: Implementation, { http = false, untilIdle = false }: RunFlags = {}): Promise<void> {
  const asked = untilAskedToStop()
  const alone = await runAlone({ fn, env: process.env, http })
  process.stderr.write(`The function ${fn.declaration.name} runs; its probes are at ${alone.probes}/readyz.\n`)
  await (untilIdle ? Promise.race([asked, workDone(alone)]) : asked)
  await alone.stop()
  process.exit()
}

async function workDone(fn: LoneFunction): Promise<void> {
  do await sleep(LOOK_MS)
  while (!(await fn.isIdle()))
}
