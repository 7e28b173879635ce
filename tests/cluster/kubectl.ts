import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { defer } from '../support/defer.ts'

// biome-ignore lint/suspicious/noExplicitAny: what the API server answers
export type Manifest = any

/** @returns what it says. @throws Error with what it complains of */
export async function kubectl(args: readonly string[], input = ''): Promise<string> {
  const { code, out, complaints } = await tried(args, input)
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${complaints}`)
  return out
}

/** As `kubectl`, for what may be refused. */
export async function tried(args: readonly string[], input = '') {
  const child = spawn('kubectl', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const exited = once(child, 'exit') as Promise<[number | null]>
  child.stdin.end(input)
  const [out, complaints] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await exited
  return { code, out, complaints }
}

/** What kustomize builds of a folder. */
export async function built(folder: string): Promise<Manifest[]> {
  const documents = parseAllDocuments(await kubectl(['kustomize', folder]))
  return documents.map((document) => document.toJS())
}

export function listOf(items: readonly Manifest[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

/** As Argo CD applies: fields that others own stay theirs. */
export async function apply(items: readonly Manifest[]): Promise<void> {
  if (items.length > 0) await kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], listOf(items))
}

export async function get(...args: readonly string[]): Promise<Manifest> {
  return JSON.parse(await kubectl(['get', ...args, '-o', 'json']))
}

export async function removeNamespaces(...names: readonly string[]): Promise<void> {
  await kubectl(['delete', 'namespace', ...names, '--ignore-not-found', '--timeout=180s'])
}

export interface Seen {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: Manifest
}

/**
 * What the API server tells of the objects of a path, from what it has at hand on, as it happens.
 *
 * @param query of the path, such as a label selector
 */
export function watch(t: TestContext, path: string, query: string): Seen[] {
  const seen: Seen[] = []
  // Of any version: the newest may not have reached the server's cache yet, and then it refuses.
  const url = `${path}?watch=1&resourceVersion=0&${query}`
  const child = spawn('kubectl', ['get', '--raw', url], { stdio: ['ignore', 'pipe', 'inherit'] })
  defer(t, () => child.kill())
  createInterface({ input: child.stdout }).on('line', (line) => {
    const told = JSON.parse(line)
    if (told.type === 'ERROR') throw new Error(`${path}: ${told.object.message}`)
    seen.push({ at: Date.now(), ...told })
  })
  return seen
}
