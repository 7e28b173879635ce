import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { root } from '../../platform/paths.ts'
import { defer } from './defer.ts'

const QUIET = ['ExperimentalWarning', 'TimeoutNegativeWarning'].map((name) => `--disable-warning=${name}`)

export interface FunctionProcess {
  readonly child: ChildProcess
  /** Origin of its probes. */
  readonly probes: string
  /** What it has written to its log. */
  output(): string
  /** @returns its exit code; null when the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** One function as its pod runs it: `sentinel run NAME`. Rejects with what it said when it ends before it runs. */
export function runFunction(
  t: TestContext,
  name: string,
  env: Record<string, string>,
  flags: readonly string[] = [],
): Promise<FunctionProcess> {
  const main = join(root, 'platform', 'cli', 'main.ts')
  const child = spawn(process.execPath, [...QUIET, main, 'run', name, ...flags], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  defer(t, () => child.kill('SIGKILL'))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal)
    return exited
  }
  let output = ''
  return new Promise((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      output += chunk
      const probes = /its probes are at (\S+)\/readyz/.exec(output)?.[1]
      if (probes) resolve({ child, probes, output: () => output, stop })
    })
    void exited.then((code) => reject(new Error(`sentinel run ${name} ended with ${code}: ${output}`)))
  })
}
