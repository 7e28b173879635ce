import { execFile, spawn } from 'node:child_process'
import { access, glob } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../../platform/paths.ts'

const execute = promisify(execFile)

/** A real Kubernetes with KEDA and Kafka on this machine: the script `cluster`, and where it keeps what it has built. */
export const script = resolve(root, process.env.SENTINEL_CLUSTER || '../shared/tools/cluster/cluster')
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
const base = process.env.SENTINEL_CLUSTER_DIR || join(cache, 'sentinel-cluster')
export const state = join(base, 'state')

/** What the script builds last. */
const LAST_BUILT = 'keda-*/keda-adapter'
/** Packages of Debian that it has unpacked. */
const debian = join(base, 'debroot')

/** Why there can be no cluster here; undefined when there can. */
export async function whyNoCluster(): Promise<string | undefined> {
  if (!(await isThere(script))) return `there is no ${script} (SENTINEL_CLUSTER)`
  const built = await Array.fromAsync(glob(LAST_BUILT, { cwd: base }))
  if (built.length === 0)
    return `nothing is built in ${base} (SENTINEL_CLUSTER_DIR): run \`${script} build\`, 16 minutes`
  return process.getuid?.() === 0 ? undefined : 'it takes root'
}

export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Runs the script; what it says goes where this process's output goes. @throws Error when it fails */
export async function cluster(...args: readonly string[]): Promise<void> {
  const code = await clusterCode(args)
  if (code !== 0) throw new Error(`cluster ${args.join(' ')} ended with ${code}. Its logs are in ${state}/log.`)
}

export function clusterCode(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(script, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

/** Whether all of it runs. */
export async function isUp(): Promise<boolean> {
  return execute(script, ['status']).then(
    () => true,
    () => false,
  )
}

/** Gives the node the images of an OCI archive, as a pull from a registry would. */
export async function importImages(archive: string): Promise<void> {
  const socket = join(state, 'containerd', 'containerd.sock')
  const env = { ...process.env, LD_LIBRARY_PATH: join(debian, 'usr/lib/x86_64-linux-gnu') }
  await execute(join(debian, 'usr/bin/ctr'), ['-a', socket, '-n', 'k8s.io', 'images', 'import', archive], { env })
}
