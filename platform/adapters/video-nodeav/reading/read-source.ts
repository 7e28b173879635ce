import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readFile, readLive } from './demuxed.ts'
import { StreamFailure, statusFailure } from './failure.ts'
import { readHls } from './hls.ts'
import { fetchHttp, type HttpAnswer, peek } from './http.ts'
import { HttpBytes } from './http-bytes.ts'
import { RtspRelay } from './rtsp/relay.ts'
import type { ReadRequest, Sink } from './sink.ts'
import { readMjpeg, readSnapshots } from './stills.ts'

/** Reads a source until it ends or `signal` aborts. @throws StreamFailure and whatever the network throws. */
export async function readSource(request: ReadRequest, sink: Sink, signal: AbortSignal): Promise<void> {
  const { protocol } = new URL(request.url)
  if (protocol === 'file:') return readLocal(request, sink, signal)
  if (protocol === 'http:' || protocol === 'https:') return readHttp(request, sink, signal)
  return readLive(request, sink, signal, await RtspRelay.open(request, signal))
}

async function readLocal(request: ReadRequest, sink: Sink, signal: AbortSignal): Promise<void> {
  const path = fileURLToPath(request.url)
  const info = await stat(path).catch(() => {
    throw new StreamFailure('not-found', 'There is no such file')
  })
  if (!info.isFile()) throw new StreamFailure('not-video', 'It is not a file')
  if (info.size === 0) throw new StreamFailure('not-video', 'The file is empty')
  return readFile(request, sink, signal, path)
}

/** What an HTTP address serves shows in its first answer. */
async function readHttp(request: ReadRequest, sink: Sink, signal: AbortSignal): Promise<void> {
  const answer = await fetchHttp(request.url, { networks: request.networks, signal })
  const { status, body } = answer
  if (status !== 200 && status !== 206) {
    body.destroy()
    throw statusFailure(status)
  }
  const kind = kindByType(answer) ?? kindByContent(await peek(answer, signal))
  if (kind === 'mjpeg') return readMjpeg(request, sink, answer)
  if (kind === 'still') return readSnapshots(request, sink, signal, answer)
  if (kind === 'playlist') return readHls(request, sink, signal, answer)
  return readFile(request, sink, signal, new HttpBytes(answer, request, signal))
}

type Kind = 'mjpeg' | 'still' | 'playlist' | 'file'

/** Undefined for types that servers give to files that they do not know. */
function kindByType({ type, url, body }: HttpAnswer): Kind | undefined {
  if (type.startsWith('multipart/')) return 'mjpeg'
  if (type.startsWith('image/')) return 'still'
  if (type.includes('mpegurl') || new URL(url).pathname.endsWith('.m3u8')) return 'playlist'
  if (!/^text\/(?!plain)/.test(type)) return undefined
  body.destroy()
  throw new StreamFailure('not-video', `The server sends ${type.split(';')[0]}, not pictures`)
}

function kindByContent(first: Buffer): Kind {
  if (first[0] === 0xff && first[1] === 0xd8) return 'still'
  return first.subarray(0, 7).toString('latin1') === '#EXTM3U' ? 'playlist' : 'file'
}
