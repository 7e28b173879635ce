import { setTimeout as delay } from 'node:timers/promises'
import { Parser } from 'm3u8-parser'
import { Decoding, type Timing } from './decoding.ts'
import { readSegment } from './demuxed.ts'
import { StreamFailure } from './failure.ts'
import { bodyOf, fetchHttp, type HttpAnswer } from './http.ts'
import { Selection } from './selection.ts'
import { nowMicros, type ReadRequest, type Sink } from './sink.ts'

const MAX_PLAYLIST_BYTES = 2 * 1024 * 1024
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024
/** Segments behind the newest at which a live playlist is entered (RFC 8216, 6.3.3 advises three target durations). */
const BEHIND_LIVE = 3
const UNCHANGED_FOR_MS = 30_000

interface Segment {
  readonly uri: string
  readonly duration: number
  readonly programDateTime?: number
  readonly dateTimeObject?: Date
  readonly discontinuity?: boolean
  readonly map?: { readonly uri: string }
  readonly key?: { readonly method: string }
}

interface Manifest {
  readonly segments: readonly Segment[]
  readonly playlists?: readonly {
    readonly uri: string
    readonly attributes?: { readonly BANDWIDTH?: number; readonly RESOLUTION?: { width: number } }
  }[]
  readonly mediaSequence?: number
  readonly targetDuration?: number
  readonly endList?: boolean
}

/** HTTP Live Streaming: the live edge, each segment once, at its own pace. */
export async function readHls(request: ReadRequest, sink: Sink, signal: AbortSignal, first: HttpAnswer): Promise<void> {
  const playlist = await Playlist.open(first, request, signal)
  const player = new Player(request, sink, signal)
  while (!signal.aborted) {
    for (const segment of playlist.fresh()) {
      await player.play(segment, playlist.base)
      if (signal.aborted) return
    }
    if (playlist.isEnded) return
    await playlist.reload()
  }
}

/** A media playlist that is read again and again, and the number of the next segment to play. */
class Playlist {
  readonly #request: ReadRequest
  readonly #signal: AbortSignal
  readonly #url: string
  base: string
  #manifest: Manifest
  #next: number
  #newsAt = performance.now()

  private constructor(url: string, base: string, manifest: Manifest, request: ReadRequest, signal: AbortSignal) {
    this.#url = url
    this.base = base
    this.#manifest = manifest
    this.#request = request
    this.#signal = signal
    const { segments, mediaSequence = 0, endList } = manifest
    this.#next = mediaSequence + (endList ? 0 : Math.max(0, segments.length - BEHIND_LIVE))
  }

  static async open(answer: HttpAnswer, request: ReadRequest, signal: AbortSignal): Promise<Playlist> {
    const manifest = await manifestOf(answer)
    if (!manifest.playlists?.length) return new Playlist(answer.url, answer.url, manifest, request, signal)
    const url = new URL(chooseVariant(manifest, request.maxWidth), answer.url).href
    const variant = await fetchHttp(url, { networks: request.networks, signal })
    return new Playlist(url, variant.url, await manifestOf(variant), request, signal)
  }

  get isEnded(): boolean {
    return this.#manifest.endList ?? false
  }

  /** Segments that were not played yet. A server that was restarted counts from the beginning again. */
  fresh(): readonly Segment[] {
    const { segments, mediaSequence = 0 } = this.#manifest
    const end = mediaSequence + segments.length
    if (this.#next > end) this.#next = mediaSequence
    const fresh = segments.slice(Math.max(0, this.#next - mediaSequence))
    if (fresh.length > 0) this.#newsAt = performance.now()
    this.#next = end
    return fresh
  }

  async reload(): Promise<void> {
    if (performance.now() - this.#newsAt > UNCHANGED_FOR_MS) {
      throw new StreamFailure('timeout', 'Its playlist does not change any more')
    }
    const wait = ((this.#manifest.targetDuration ?? 2) * 1000) / 2
    await delay(wait, undefined, { signal: this.#signal }).catch(() => {})
    if (this.#signal.aborted) return
    const answer = await fetchHttp(this.#url, { networks: this.#request.networks, signal: this.#signal })
    this.base = answer.url
    this.#manifest = await manifestOf(answer)
  }
}

async function manifestOf(answer: HttpAnswer): Promise<Manifest> {
  return parse((await bodyOf(answer, MAX_PLAYLIST_BYTES)).toString())
}

class Player implements Timing {
  readonly #request: ReadRequest
  readonly #sink: Sink
  readonly #signal: AbortSignal
  readonly #selection: Selection
  #started: number | undefined
  #played = 0
  #segmentStart: number | undefined
  #dateTime: number | undefined
  #header: { uri: string; bytes: Buffer } | undefined

  constructor(request: ReadRequest, sink: Sink, signal: AbortSignal) {
    this.#request = request
    this.#sink = sink
    this.#signal = signal
    this.#selection = new Selection(request.fps)
  }

  async play(segment: Segment, base: string): Promise<void> {
    if (segment.key && segment.key.method !== 'NONE') throw new StreamFailure('not-video', 'Its segments are encrypted')
    const bytes = await this.#fetch(segment, base)
    this.#segmentStart = undefined
    this.#dateTime = segment.programDateTime ?? segment.dateTimeObject?.getTime()
    this.#started ??= performance.now()
    // Behind by more than a segment, as after a pause of the server: begin the pace anew instead of rushing.
    if (performance.now() - this.#started - this.#played * 1000 > 2000)
      this.#started = performance.now() - this.#played * 1000
    const decodingOf = (stream: ConstructorParameters<typeof Decoding>[0]) =>
      new Decoding(stream, this.#request, this.#sink, this.#selection)
    await readSegment(bytes, decodingOf, this, (seconds) => this.#pace(seconds), this.#signal)
    this.#played += segment.duration
  }

  async #fetch({ uri, map }: Segment, base: string): Promise<Buffer> {
    const http = { networks: this.#request.networks, signal: this.#signal }
    const get = async (name: string): Promise<Buffer> =>
      bodyOf(await fetchHttp(new URL(name, base).href, http), MAX_SEGMENT_BYTES)
    if (!map) return get(uri)
    if (this.#header?.uri !== map.uri) this.#header = { uri: map.uri, bytes: await get(map.uri) }
    return Buffer.concat([this.#header.bytes, await get(uri)])
  }

  async #pace(seconds: number): Promise<void> {
    if (!Number.isFinite(seconds)) return
    this.#segmentStart ??= seconds
    const at = this.#played + seconds - this.#segmentStart
    const early = this.#started! + at * 1000 - performance.now()
    if (early > 1) await delay(early, undefined, { signal: this.#signal }).catch(() => {})
  }

  of(seconds: number): [number, 'program-date-time' | 'arrival'] {
    if (this.#dateTime === undefined) return [nowMicros(), 'arrival']
    const offset = Math.max(0, seconds - (this.#segmentStart ?? seconds))
    return [Math.round((this.#dateTime + offset * 1000) * 1000), 'program-date-time']
  }
}

function parse(text: string): Manifest {
  const parser = new Parser()
  parser.push(text)
  parser.end()
  const manifest = parser.manifest as unknown as Manifest
  if (!manifest.segments?.length && !manifest.playlists?.length)
    throw new StreamFailure('not-video', 'Its playlist is empty')
  return manifest
}

/** The least variant that is as wide as wanted; without one the widest. */
function chooseVariant({ playlists }: Manifest, maxWidth: number): string {
  const widthOf = (each: NonNullable<Manifest['playlists']>[number]): number => each.attributes?.RESOLUTION?.width ?? 0
  const byRate = [...playlists!].sort((a, b) => (a.attributes?.BANDWIDTH ?? 0) - (b.attributes?.BANDWIDTH ?? 0))
  return (byRate.find((each) => widthOf(each) >= Math.min(maxWidth, 640)) ?? byRate.at(-1)!).uri
}
