import { AVERROR_HTTP_FORBIDDEN, AVERROR_HTTP_NOT_FOUND, AVERROR_HTTP_UNAUTHORIZED } from 'node-av/constants'
import { FFmpegError } from 'node-av/lib'
import { codeOf, messageOf } from '../../../errors.ts'
import type { OfflineReason } from '../../../events/camera.ts'

/** Why a source gave up, in the words of the contract; the detail never holds a URL. */
export class StreamFailure extends Error {
  readonly reason: OfflineReason

  constructor(reason: OfflineReason, detail: string) {
    super(detail)
    this.reason = reason
  }
}

const BY_FFMPEG_CODE = new Map<number, OfflineReason>([
  [AVERROR_HTTP_UNAUTHORIZED, 'unauthorized'],
  [AVERROR_HTTP_FORBIDDEN, 'unauthorized'],
  [AVERROR_HTTP_NOT_FOUND, 'not-found'],
])

/** Negated errno values that FFmpeg hands through. */
const BY_ERRNO = new Map<number, OfflineReason>([
  [-2, 'not-found'],
  [-13, 'unauthorized'],
  [-110, 'timeout'],
  [-111, 'unreachable'],
  [-113, 'unreachable'],
  [-101, 'unreachable'],
  [-104, 'unreachable'],
  [-5, 'unreachable'],
])

/** A negative code of FFmpeg's, met while doing `what`. */
export function ffmpegFailure(code: number, what: string): StreamFailure {
  const reason = BY_FFMPEG_CODE.get(code) ?? BY_ERRNO.get(code) ?? 'not-video'
  return new StreamFailure(reason, `${what}: ${new FFmpegError(code).message}`)
}

export function checked(code: number, what: string): number {
  if (code < 0) throw ffmpegFailure(code, what)
  return code
}

export function statusFailure(status: number): StreamFailure {
  const reason =
    status === 401 || status === 403 ? 'unauthorized' : status === 404 || status === 410 ? 'not-found' : 'unreachable'
  return new StreamFailure(reason, `The server answered ${status}`)
}

const UNREACHABLE = /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EPIPE)$/
const TLS = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_|^EPROTO$/

/** Whatever was thrown while a source was read. */
export function asFailure(error: unknown): StreamFailure {
  if (error instanceof StreamFailure) return error
  const code = codeOf(error) ?? ''
  if (TLS.test(code))
    return new StreamFailure(
      'tls',
      `No trusted encrypted connection (${code}); NODE_EXTRA_CA_CERTS names further certificates to trust`,
    )
  if (code === 'ETIMEDOUT' || (error as Error)?.name === 'TimeoutError')
    return new StreamFailure('timeout', 'No answer in time')
  if (UNREACHABLE.test(code)) return new StreamFailure('unreachable', `The server cannot be reached (${code})`)
  if (code === 'SOURCE_REFUSED') return new StreamFailure('refused', messageOf(error))
  if (code === 'PICTURE_UNDECODABLE') return new StreamFailure('not-video', messageOf(error))
  if (code === 'HPE_HEADER_OVERFLOW') return new StreamFailure('not-video', 'The server sends endless headers')
  if (code.startsWith('HPE_')) return new StreamFailure('not-video', 'The server does not speak HTTP')
  return new StreamFailure('not-video', code || 'It cannot be read')
}
