import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

interface Process {
  readonly pid: number
  readonly parent: number
}

function processes(): Process[] {
  const text = execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid, parent]) => ({ pid: pid!, parent: parent! }))
}

/** A process and all that descend from it, itself first. */
export function treeOf(pid: number): number[] {
  const all = processes()
  const found = [pid]
  for (const ancestor of found) found.push(...all.filter(({ parent }) => parent === ancestor).map(({ pid }) => pid))
  return found
}

/** Also false of one that has ended and was not collected by its parent yet. */
export function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}

/** User and system time of a process in milliseconds (proc_pid_stat(5), fields 14 and 15, in hundredths of a second). */
export function processMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Memory of a process in MiB, pages that several share counted in parts (proc_pid_smaps_rollup(5), Pss). */
export function memoryMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024
}
