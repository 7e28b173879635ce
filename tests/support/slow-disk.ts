import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { defer } from './defer.ts'

const GROUPS = '/sys/fs/cgroup/blkio'
const LIMIT = 'blkio.throttle.write_iops_device'

/** Why no disk can be made slow here; undefined where one can. */
export const noSlowDisk =
  existsSync(join(GROUPS, LIMIT)) && process.getuid?.() === 0
    ? false
    : 'needs root and the blkio control group (cgroup v1) of Linux: NO disk was made slow'

export interface SlowDisk {
  /** From now on these write so slowly, and what they start. */
  take(pids: readonly number[]): void
  /** Everybody writes as fast as ever. */
  lift(): void
}

/**
 * The disk that a folder is on takes only so many writes a second from those who are taken: the kernel holds them back, so that every
 * `fsync` lasts as long as on a disk that is that slow. What is only written to the page cache is as fast as ever.
 */
export function slowDisk(t: TestContext, folder: string, writesPerSecond: number): SlowDisk {
  const group = join(GROUPS, `sentinel-${process.pid}`)
  mkdirSync(group)
  const device = deviceOf(folder)
  const limit = (rate: number): void => writeFileSync(join(group, LIMIT), `${device} ${rate}`)
  limit(writesPerSecond)
  const lift = (): void => limit(0)
  defer(t, () => {
    lift()
    for (const pid of readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean))
      writeFileSync(join(GROUPS, 'cgroup.procs'), pid)
    rmdirSync(group)
  })
  const take = (pids: readonly number[]): void => {
    for (const pid of pids) writeFileSync(join(group, 'cgroup.procs'), `${pid}`)
  }
  return { take, lift }
}

/** Major and minor number, as glibc's gnu_dev_major and gnu_dev_minor take them apart. */
function deviceOf(path: string): string {
  const { dev } = statSync(path)
  return `${(dev >>> 8) & 0xfff}:${(dev & 0xff) | ((dev >>> 12) & 0xfff00)}`
}
