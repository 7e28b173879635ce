import { readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { basename } from 'node:path'

/** As `nice` does without being told. */
export const NICE = 10

/**
 * Lets the threads that detect go before the one that calls and those that it starts: no camera waits for a lesson. Only Linux has
 * priorities of threads.
 */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  const thread = Number(basename(readlinkSync('/proc/thread-self')))
  setPriority(thread, Math.max(NICE, getPriority(thread)))
}
