import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { defer } from './defer.ts'

/** A folder on a real file system of so many bytes, gone after the test. Undefined where this user may not mount one. */
export async function smallDisk(t: TestContext, bytes: number): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-small-disk-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'none', folder], { stdio: 'ignore' })
  } catch {
    t.skip('this user may not mount a small file system: run it as root on Linux')
    return undefined
  }
  defer(t, () => execFileSync('umount', [folder]))
  return folder
}
