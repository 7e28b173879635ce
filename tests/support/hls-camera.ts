import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeClip } from './clips.ts'
import { defer } from './defer.ts'
import { folder, listening } from './video.ts'

const SIZE = { width: 320, height: 180 }
const FPS = 20
/** Over and over. */
const SECONDS = 4
/** As MediaMTX cuts streams when nobody tells it otherwise, ms. */
const PART_MS = 200
const PARTS = 5
const SEGMENTS = 7
const SESSION = 'session=5f0c'

/**
 * A camera behind MediaMTX's HLS server, whose binary no package registry has: real H.264 in fragments of MP4, each there from its
 * time on, in low-latency playlists as MediaMTX writes them (parts, blocking reload, a preload hint, the time of day of the last two
 * segments), and the session that its addresses carry for whoever takes no cookies.
 */
export class HlsCamera {
  /** When its first picture was captured, ms since the epoch. */
  readonly begins = Date.now() - 4000
  /** Headers of every request. */
  readonly heard: IncomingMessage['headers'][] = []
  /** What it asks for before it tells the address of a session. */
  authorization: string | undefined
  /** As of a camera that is offline. */
  isGone = false
  readonly path: string
  origin = ''
  readonly #stream: Stream

  private constructor(camera: string, stream: Stream) {
    this.path = `/camera-${camera}/`
    this.#stream = stream
  }

  static async start(t: TestContext, camera: string): Promise<HlsCamera> {
    cut ??= cutClip()
    const hls = new HlsCamera(camera, await cut)
    const server = createServer((request, response) => void hls.#answer(request, response))
    defer(t, () => server.closeAllConnections())
    hls.origin = `http://127.0.0.1:${await listening(t, server)}`
    return hls
  }

  /** @returns what is captured from a moment on, picture by picture, at its time: number and capture time, µs since the epoch. */
  async *pictures(every: number, signal: AbortSignal): AsyncGenerator<{ n: number; capturedAt: number }> {
    for (let n = every * Math.ceil(this.#captured / every); !signal.aborted; n += every) {
      const at = this.begins + (n * 1000) / FPS
      await sleep(Math.max(0, at - Date.now()))
      yield { n, capturedAt: at * 1000 }
    }
  }

  /** Where the square is in a picture; see makeClip. */
  squareIn(n: number): [number, number, number, number] {
    const { width, height } = SIZE
    return [(((n % (FPS * SECONDS)) * 4) % (width - 32)) / width, 8 / height, 32 / width, 32 / height]
  }

  get #captured(): number {
    return ((Date.now() - this.begins) * FPS) / 1000
  }

  async #answer({ url, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    this.heard.push(headers)
    const { pathname, searchParams, search } = new URL(url!, this.origin)
    const file = pathname.startsWith(this.path) && !this.isGone ? pathname.slice(this.path.length) : undefined
    if (file === undefined) return void response.writeHead(404).end()
    if (file === 'index.m3u8') return this.#begin(headers.authorization, search, response)
    if (searchParams.get('session') !== SESSION.split('=')[1]) return void response.writeHead(401).end()
    const body = await this.#file(file, searchParams)
    const type = file.endsWith('m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp4'
    response.writeHead(body ? 200 : 404, { 'content-type': type }).end(body)
  }

  #begin(authorization: string | undefined, search: string, response: ServerResponse): void {
    if (search !== '?cookieCheck=1') {
      response.writeHead(302, { location: `${this.path}index.m3u8?cookieCheck=1`, 'set-cookie': 'cookieCheck=1' }).end()
    } else if (authorization !== this.authorization) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="mediamtx"' }).end()
    } else {
      const of = `BANDWIDTH=200000,CODECS="${this.#codec}",RESOLUTION=${SIZE.width}x${SIZE.height}`
      response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
      response.end(`#EXTM3U\n#EXT-X-VERSION:10\n#EXT-X-STREAM-INF:${of}\nmain_stream.m3u8?${SESSION}\n`)
    }
  }

  async #file(name: string, search: URLSearchParams): Promise<Buffer | string | undefined> {
    if (name === 'init.mp4') return this.#stream.init
    if (name === 'main_stream.m3u8') {
      const [segment, part] = ['_HLS_msn', '_HLS_part'].map((key) => search.get(key))
      if (segment) await this.#until(Number(segment) * PARTS + Number(part ?? PARTS - 1))
      return this.#playlist()
    }
    const [, kind, index] = /^(part|seg)(\d+)\.mp4$/.exec(name) ?? []
    if (!kind) return undefined
    if (kind === 'seg')
      return Buffer.concat(range(Number(index) * PARTS, (Number(index) + 1) * PARTS).map((n) => this.#part(n)))
    await this.#until(Number(index))
    return this.#part(Number(index))
  }

  /** The clip begins anew, and the stream's own clock goes on. */
  #part(n: number): Buffer {
    const { parts, partTicks } = this.#stream
    const part = Buffer.from(parts[n % parts.length]!)
    part.writeBigUInt64BE(BigInt(n) * partTicks, timeIn(part))
    return part
  }

  /** How many parts there are by now. */
  get #there(): number {
    return Math.floor((Date.now() - this.begins) / PART_MS)
  }

  async #until(part: number): Promise<void> {
    while (this.#there <= part) await sleep(10)
  }

  #playlist(): string {
    const there = this.#there
    const complete = Math.floor(there / PARTS)
    const first = Math.max(0, complete - SEGMENTS)
    const part = (n: number): string =>
      `#EXT-X-PART:DURATION=${PART_MS / 1000},URI="part${n}.mp4?${SESSION}"${n % PARTS === 0 ? ',INDEPENDENT=YES' : ''}`
    const segments = range(first, complete).flatMap((n) => [
      ...(complete - n <= 2
        ? [`#EXT-X-PROGRAM-DATE-TIME:${this.#dateOf(n)}`, ...range(n * PARTS, (n + 1) * PARTS).map(part)]
        : []),
      `#EXTINF:${(PARTS * PART_MS) / 1000}.00000,`,
      `seg${n}.mp4?${SESSION}`,
    ])
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:10',
      '#EXT-X-TARGETDURATION:1',
      '#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=0.500',
      `#EXT-X-PART-INF:PART-TARGET=${PART_MS / 1000}`,
      `#EXT-X-MEDIA-SEQUENCE:${first}`,
      `#EXT-X-MAP:URI="init.mp4?${SESSION}"`,
      ...segments,
      ...range(complete * PARTS, there).map(part),
      `#EXT-X-PRELOAD-HINT:TYPE=PART,URI="part${there}.mp4?${SESSION}"`,
      '',
    ].join('\n')
  }

  #dateOf(segment: number): string {
    return new Date(this.begins + segment * PARTS * PART_MS).toISOString()
  }

  /** As RFC 6381 writes it: profile, constraints and level follow the name of the box and its version. */
  get #codec(): string {
    const { init } = this.#stream
    const at = init.indexOf('avcC') + 5
    return `avc1.${init.subarray(at, at + 3).toString('hex')}`
  }
}

interface Stream {
  readonly init: Buffer
  readonly parts: readonly Buffer[]
  /** How long a part is, by the stream's own clock. */
  readonly partTicks: bigint
}

let cut: Promise<Stream> | undefined

async function cutClip(): Promise<Stream> {
  const path = join(folder, 'camera-behind-hls.mp4')
  const muxer = { movflags: 'delay_moov+default_base_moof+frag_keyframe', frag_duration: `${PART_MS * 1000}` }
  makeClip({ path, ...SIZE, fps: FPS, seconds: SECONDS, muxer })
  const boxes = boxesOf(await readFile(path))
  const init = Buffer.concat(boxes.filter(({ type }) => type === 'ftyp' || type === 'moov').map(({ bytes }) => bytes))
  const starts = boxes.flatMap(({ type }, i) => (type === 'moof' ? [i] : []))
  const parts = starts.map((i) => Buffer.concat([boxes[i]!.bytes, boxes[i + 1]!.bytes]))
  return { init, parts, partTicks: parts[1]!.readBigUInt64BE(timeIn(parts[1]!)) }
}

/** Where a fragment says when it begins: after the name of the box, its version and flags. */
function timeIn(part: Buffer): number {
  return part.indexOf('tfdt') + 8
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

/** The outermost boxes of an MP4 file. */
function boxesOf(file: Buffer): { readonly type: string; readonly bytes: Buffer }[] {
  const boxes = []
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32BE(at)
    boxes.push({ type: file.toString('latin1', at + 4, at + 8), bytes: file.subarray(at, at + length) })
    at += length
  }
  return boxes
}
