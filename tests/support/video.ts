import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { NodeAvVideo } from '../../platform/adapters/video-nodeav/video.ts'
import { framesOf, listen, request } from '../../platform/ports/video.contract.ts'
import type { CapturedFrame, StreamEvent, StreamRequest } from '../../platform/ports/video.ts'
import { makeClip } from './clips.ts'
import { defer } from './defer.ts'

/** A folder of this test file, gone after it. */
export const folder = await mkdtemp(join(tmpdir(), 'sentinel-video-'))
after(() => rm(folder, { recursive: true }))

/** 320×180 at 20 frames a second, 2 seconds long. */
export const clipPath = join(folder, 'clip.mp4')
makeClip({ path: clipPath, width: 320, height: 180, fps: 20, seconds: 2 })
export const clip = pathToFileURL(clipPath).href

export function openVideo(t: TestContext, networks: string[] = []): NodeAvVideo {
  const video = new NodeAvVideo({ networks })
  defer(t, () => video.close())
  return video
}

/** An HTTP server of this test. @returns its origin. */
export async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  defer(t, () => server.closeAllConnections())
  return `http://127.0.0.1:${await listening(t, server)}`
}

/** A TCP server of this test. @returns its port. */
export function serveTcp(t: TestContext, onSocket: (socket: Socket) => void = () => {}): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  defer(t, () => {
    for (const socket of sockets) socket.destroy()
  })
  return listening(t, server)
}

/** @returns the port. */
export async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  defer(t, () => server.close())
  return (server.address() as { port: number }).port
}

export const reasonOf = (events: readonly StreamEvent[]): unknown => {
  const last = events.at(-1)
  return last?.kind === 'closed' ? last.reason : last?.kind
}

/** Listens until there are so many frames, however slow the machine is. Fails with what the stream said when it ended. */
export async function someFrames(video: NodeAvVideo, wanted: StreamRequest, most = 10): Promise<CapturedFrame[]> {
  const frames: CapturedFrame[] = []
  for await (const event of video.open(wanted, AbortSignal.timeout(20_000))) {
    if (event.kind === 'closed') assert.fail(`only ${frames.length} frames: ${event.reason}, ${event.detail}`)
    if (event.kind === 'frame' && frames.push(event) === most) return frames
  }
  return frames
}

/** Some JPEGs, each another picture. */
export async function stills(t: TestContext): Promise<Buffer[]> {
  const frames = framesOf(await listen(openVideo(t), request(clip), 5000))
  return Promise.all(frames.slice(0, 6).map(async ({ image }) => Buffer.from(await image.jpeg())))
}

export const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'needs openssl to make a certificate'

/** Makes a certificate of its own for 127.0.0.1. @returns the paths of its PEM files. */
export function makeCertificate(name: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}-key.pem`), join(folder, `${name}.pem`)]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1', '-nodes']
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  return { key, cert }
}
