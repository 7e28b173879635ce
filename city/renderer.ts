import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'
import { build } from 'vite'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Answer, FrameHead, Moment, Request, Sighting, View } from './protocol.ts'

/** Software WebGL: the same pictures on a machine without a graphics card. */
const FLAGS = ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist']

/** RGBA rows from the top, and who is in the picture. */
export interface Rendered {
  readonly pixels: Buffer
  readonly sightings: readonly Sighting[]
}

/** Draws the city in headless Chromium, one request after another. */
export class Renderer {
  readonly #browser: Browser
  readonly #server: Server
  readonly #socket: WebSocket
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(browser: Browser, server: Server, socket: WebSocket) {
    this.#browser = browser
    this.#server = server
    this.#socket = socket
  }

  static async launch(): Promise<Renderer> {
    const script = await bundle()
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(`<!doctype html><script type="module">${script.replaceAll('</script', '<\\/script')}</script>`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const sockets = new WebSocketServer({ server, maxPayload: 2 ** 26, perMessageDeflate: false })
    const browser = await launchBrowser().catch((error: unknown) => {
      server.close()
      throw error
    })
    try {
      const socket = await opened(browser, sockets, (server.address() as AddressInfo).port)
      return new Renderer(browser, server, socket)
    } catch (error) {
      await browser.close()
      server.close()
      throw error
    }
  }

  /** Sets the camera, the light and what stands still. */
  async show(view: View): Promise<void> {
    await this.#ask({ view })
  }

  /** Draws a moment of the view that was shown last. */
  async take(moment: Moment): Promise<Rendered> {
    const message = await this.#ask({ moment })
    const length = message.readUInt32LE(0)
    const { sightings } = JSON.parse(message.toString('utf8', 4, 4 + length)) as FrameHead
    return { sightings, pixels: message.subarray(4 + length) }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    this.#server.close()
  }

  /** Answers come in the order of the questions; the next question waits for the last answer. */
  #ask(request: Request): Promise<Buffer> {
    const answer = this.#turn.then(() => this.#askNow(request))
    this.#turn = answer.catch(() => undefined)
    return answer
  }

  async #askNow(request: Request): Promise<Buffer> {
    this.#socket.send(JSON.stringify(request))
    const [data, isBinary] = await nextMessage(this.#socket)
    if (!isBinary) {
      const answer = JSON.parse(data.toString()) as Answer
      if ('error' in answer) throw new Error(`The city could not be drawn: ${answer.error}`)
    }
    return data
  }
}

async function launchBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: FLAGS })
}

async function nextMessage(socket: WebSocket): Promise<[Buffer, boolean]> {
  const settled = new AbortController()
  const { signal } = settled
  const closed = once(socket, 'close', { signal }).then((): never => {
    throw new Error('The browser that draws the city has ended. Run the command again: it goes on where it was.')
  })
  try {
    return await Promise.race([once(socket, 'message', { signal }) as Promise<[Buffer, boolean]>, closed])
  } finally {
    closed.catch(() => undefined)
    settled.abort()
  }
}

async function opened(browser: Browser, sockets: WebSocketServer, port: number): Promise<WebSocket> {
  const page = await browser.newPage()
  const failed = new Promise<never>((_, reject) => {
    page.on('pageerror', (error) => reject(new Error(`The city's page failed: ${error.message}`)))
  })
  const connected = once(sockets, 'connection') as Promise<[WebSocket]>
  await page.goto(`http://127.0.0.1:${port}/`)
  const [socket] = await Promise.race([connected, failed])
  return socket
}

/** The page's script with all it imports. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: { input: fileURLToPath(new URL('scene/page.ts', import.meta.url)) },
    },
  })
  const [first] = Array.isArray(result) ? result : [result]
  if (!first || !('output' in first)) throw new Error('The page of the city was not built.')
  return first.output[0].code
}
