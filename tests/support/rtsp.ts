import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { resolve } from 'node:path'
import { root } from '../../platform/paths.ts'

const script = resolve(root, '../shared/tools/rtsp-loop.py')
const PYTHON = '/usr/bin/python3'

export interface RtspServer {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

function missing(): string | false {
  if (!existsSync(script)) return `needs ${script}`
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

  async start(clip: string, port?: number): Promise<RtspServer> {
    const chosen = port ?? (await freePort())
    const child = spawn(PYTHON, [script, clip, String(chosen), 'cam'], { stdio: 'ignore' })
    await untilListening(chosen)
    let stopped: Promise<void> | undefined
    const stop = (): Promise<void> => {
      stopped ??= once(child, 'exit').then(() => {})
      child.kill('SIGKILL')
      return stopped
    }
    return { url: `rtsp://127.0.0.1:${chosen}/cam`, port: chosen, stop }
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
