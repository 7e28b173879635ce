import { glob, readdir, readFile, readlink } from 'node:fs/promises'
import { basename } from 'node:path'

/** Of `starttime` in proc_pid_stat(5). */
const TICKS_PER_SECOND = 100

export interface PodProcess {
  readonly pid: number
  /** Milliseconds since the epoch, to the hundredth of a second. */
  readonly startedAt: number
}

/** Processes of this program in the containers of a Pod, which run on this machine. */
export async function processesOf(podUid: string, program: string): Promise<PodProcess[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const found = await Promise.all(pids.map((pid) => ofPod(Number(pid), podUid, program)))
  return found.filter((process) => process !== undefined)
}

/** Undefined too for one that has ended meanwhile. */
async function ofPod(pid: number, podUid: string, program: string): Promise<PodProcess | undefined> {
  const groups = await unlessGone(readFile(`/proc/${pid}/cgroup`, 'utf8'))
  if (!groups.includes(podUid)) return undefined
  const file = await unlessGone(readlink(`/proc/${pid}/exe`))
  const stat = await unlessGone(readFile(`/proc/${pid}/stat`, 'utf8'))
  if (basename(file) !== program || stat === '') return undefined
  const started = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]) / TICKS_PER_SECOND
  const uptime = Number((await readFile('/proc/uptime', 'utf8')).split(' ')[0])
  return { pid, startedAt: Date.now() - (uptime - started) * 1000 }
}

/** Empty for a process that has ended meanwhile, and for one of the kernel. */
function unlessGone(reading: Promise<string>): Promise<string> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return ''
    throw error
  })
}

/** The most memory that a Pod's containers have had so far, MiB, by its cgroup (version 1). */
export async function peakMiB(podUid: string): Promise<number> {
  const [folder] = await Array.fromAsync(glob(`/sys/fs/cgroup/memory/kubepods/{,*/}pod${podUid}`))
  return Math.round(Number(await readFile(`${folder}/memory.max_usage_in_bytes`, 'utf8')) / 2 ** 20)
}
