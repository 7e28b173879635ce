import { FFmpegError } from 'node-av/lib'

/** FFmpeg's return codes: negative ones are errors. */
export function check(code: number, what: string): number {
  if (code < 0) throw new Error(`${what} failed: ${new FFmpegError(code).message}`)
  return code
}
