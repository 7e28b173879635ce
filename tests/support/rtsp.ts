import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { root } from '../../platform/paths.ts'

const PYTHON = '/usr/bin/python3'
const script = join(root, 'tests', 'support', 'rtsp-camera.py')

export interface RtspServer {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

export interface RtspOptions {
  readonly port?: number
  /** PEM file with a certificate and its key: the server speaks RTSPS. */
  readonly certificate?: string
  /** `name:password` that it asks for by digest, or by basic authentication. */
  readonly digest?: string
  readonly basic?: string
}

function missing(): string | false {
  try {
    const probe = 'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer'
    execFileSync(PYTHON, ['-c', probe], { stdio: 'ignore' })
    return false
  } catch {
    return 'needs python3-gi and gir1.2-gst-rtsp-server-1.0'
  }
}

/** A real RTSP server (GStreamer) that loops a clip as a live camera; `skip` says what it lacks on this machine. */
export const rtspServer = {
  skip: missing(),

  async start(clip: string, { port, ...options }: RtspOptions = {}): Promise<RtspServer> {
    const chosen = port ?? (await freePort())
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])
    const child = spawn(PYTHON, [script, clip, String(chosen), ...flags], { stdio: ['ignore', 'ignore', 'inherit'] })
    const stopped = once(child, 'exit').then(() => {})
    await untilListening(chosen)
    const stop = (): Promise<void> => {
      child.kill('SIGKILL')
      return stopped
    }
    const scheme = options.certificate ? 'rtsps' : 'rtsp'
    return { url: `${scheme}://127.0.0.1:${chosen}/cam`, port: chosen, stop }
  },
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        done(true)
      })
      socket.on('error', () => done(false))
    })
    if (isOpen) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error(`The RTSP server does not listen on ${port}`)
}
