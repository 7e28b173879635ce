import { lookup } from 'node:dns/promises'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { readFile, readLive } from './demuxed.ts'
import { StreamFailure, statusFailure } from './failure.ts'
import { readHls } from './hls.ts'
import { assertAllowed, fetchHttp } from './http.ts'
import type { ReadRequest, Sink } from './sink.ts'
import { readMjpeg, readSnapshots } from './stills.ts'

/** Reads a source until it ends or `signal` aborts. @throws StreamFailure and whatever the network throws. */
export async function readSource(request: ReadRequest, sink: Sink, signal: AbortSignal): Promise<void> {
  const { protocol } = new URL(request.url)
  if (protocol === 'file:') return readLocal(request, sink, signal)
  if (protocol === 'http:' || protocol === 'https:') return readHttp(request, sink, signal)
  await checkHost(request)
  return readLive(request, sink, signal)
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
  const { status, type, body, url } = answer
  if (status !== 200 && status !== 206) {
    body.destroy()
    throw statusFailure(status)
  }
  if (type.startsWith('multipart/')) return readMjpeg(request, sink, answer)
  if (type.startsWith('image/')) return readSnapshots(request, sink, signal, answer)
  if (type.includes('mpegurl') || new URL(url).pathname.endsWith('.m3u8')) return readHls(request, sink, signal, answer)
  body.destroy()
  if (type.startsWith('text/'))
    throw new StreamFailure('not-video', `The server sends ${type.split(';')[0]}, not pictures`)
  return readFile(request, sink, signal, url)
}

async function checkHost({ url, networks }: ReadRequest): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  for (const { address } of await lookup(host, { all: true })) assertAllowed(address, networks)
}
