import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../../platform/paths.ts'
import { eventually } from './log.ts'
import { isRunning, treeOf } from './processes.ts'

const READY_WITHIN_MS = 120_000
const CLOSED_WITHIN_MS = 30_000

export interface Started {
  readonly child: ChildProcess
  /** With the token. */
  readonly url: string
  readonly token: string
  readonly origin: string
  /** Milliseconds from spawn to the ready line. */
  readonly readyMs: number
  /** Everything it has printed so far. */
  output(): string
  /** Ends it as Ctrl-C does, or as another signal does. @returns its exit code, when all that it started has ended too. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Runs `npm start` as its user does, without npm around it. Rejects with what it printed when it ends before it is ready. */
export function startSentinel(args: readonly string[], env: Record<string, string> = {}): Promise<Started> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [join(root, 'platform', 'cli', 'sentinel.mjs'), 'start', ...args], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS)
    const onData = (chunk: Buffer): void => {
      output += chunk
      const url = /Sentinel is ready at (\S+)/.exec(output)?.[1]
      if (!url) return
      clearTimeout(timer)
      const { origin, searchParams } = new URL(url)
      const stop = async (signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> => {
        const started = signal === 'SIGKILL' ? treeOf(child.pid!) : []
        child.kill(signal)
        const code = await exited
        // What it started closes in order when it loses it, and holds the data directory until then.
        await eventually(() => !started.some(isRunning), CLOSED_WITHIN_MS)
        return code
      }
      resolve({
        child,
        url,
        origin,
        token: searchParams.get('token')!,
        readyMs: performance.now() - startedAt,
        output: () => output,
        stop,
      })
    }
    child.stdout.on('data', onData)
    child.stderr.on('data', onData)
    void exited.then((code) => {
      clearTimeout(timer)
      reject(Object.assign(new Error(`It ended with ${code}: ${output}`), { output, exitCode: code }))
    })
  })
}

export interface Answer<Data> {
  readonly data?: Data
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[]
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
export async function ask<Data = any>(
  { origin, token, name }: Pick<Started, 'origin' | 'token'> & { readonly name?: string },
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(name !== undefined && { 'x-sentinel-name': name }),
    },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as Answer<Data>
}
