import { AV_LOG_ERROR } from 'node-av/constants'
import { FFmpegError, Log } from 'node-av/lib'

Log.setLevel(AV_LOG_ERROR)

/** FFmpeg's return codes: negative ones are errors. */
export function check(code: number, what: string): number {
  if (code < 0) throw new Error(`${what} failed: ${new FFmpegError(code).message}`)
  return code
}
