import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WireRecord } from '../../../platform/events/codec.ts'
import type { Program } from './programs.ts'

const WITHIN_MS = 120_000
const FIRST = '"msg":"first event"'

export interface ColdStart {
  /** From the spawn to the first event that was handled or came out, milliseconds. */
  readonly ms: number
  /** What all threads of the process worked until then, milliseconds; NaN where the system does not tell. */
  readonly cpuMs: number
}

/**
 * Starts a process that says when its first event is behind it, waits for that, and stops it.
 *
 * @param send given where the event is sent to it over HTTP; otherwise it waits on the log.
 */
export async function coldStart(
  { command, args, env }: Program,
  more: Readonly<Record<string, string>>,
  send?: { readonly port: number; readonly record: WireRecord },
): Promise<ColdStart> {
  const began = performance.now()
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = once(child, 'exit')
  const sent = send && sendWhenItListens(child, send.port, send.record)
  try {
    await firstEvent(child)
    const ms = performance.now() - began
    const cpuMs = await workedMs(child.pid!)
    await sent
    return { ms, cpuMs }
  } finally {
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 30_000)
    await exited
    clearTimeout(late)
  }
}

/** A process that ends by itself, from its spawn to its end, milliseconds. */
export async function lifetime({ command, args, env }: Program): Promise<number> {
  const began = performance.now()
  const child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' })
  await once(child, 'exit')
  return performance.now() - began
}

function firstEvent(child: ChildProcess): Promise<void> {
  let said = ''
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.join(' ')} ${why}:\n${said}`))
    const late = setTimeout(() => fail(`handled nothing within ${WITHIN_MS / 1000} s`), WITHIN_MS)
    child.stderr!.on('data', (chunk) => {
      said += chunk
      if (!said.includes(FIRST)) return
      clearTimeout(late)
      resolve()
    })
    child.once('exit', (code) => {
      clearTimeout(late)
      fail(`ended with ${code}`)
    })
  })
}

/** As a broker of events does: it sends as soon as somebody listens. */
async function sendWhenItListens(child: ChildProcess, port: number, record: WireRecord): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const status = await post(port, record).catch(() => undefined)
    if (status === 204) return
    if (status !== undefined) throw new Error(`${child.spawnargs.join(' ')} answered ${status}`)
    await sleep(2)
  }
}

function post(port: number, { headers, value }: WireRecord): Promise<number | undefined> {
  const named = Object.entries(headers).map(([name, text]) => [name.replace(/^ce_/, 'ce-'), encodeURI(String(text))])
  return new Promise((resolve, reject) => {
    const options = { port, host: '127.0.0.1', method: 'POST', headers: Object.fromEntries(named), agent: false }
    const asked = request(options, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode))
    })
    asked.once('error', reject)
    asked.end(value)
  })
}

/** Linux tells it by thread, in nanoseconds. */
async function workedMs(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`
  const threads = await readdir(folder).catch(() => [])
  if (threads.length === 0) return Number.NaN
  const worked = threads.map(async (thread) => {
    const text = await readFile(`${folder}/${thread}/schedstat`, 'utf8').catch(() => 'NaN')
    return Number(text.split(' ')[0]) / 1e6
  })
  return (await Promise.all(worked)).reduce((sum, ms) => sum + ms, 0)
}
