import type { TileStats } from './protocol.ts'

const WINDOW_MS = 5000

interface Drawn {
  /** ms since the epoch. */
  readonly at: number
  /** Capture to painted, ms. */
  readonly latency: number
  readonly video?: {
    /** How much older than the picture its boxes are, ms. */
    readonly boxAge: number
    /** How far the detection is behind the video, ms. */
    readonly lag: number
    /** It comes from a media server. */
    readonly isStreamed: boolean
  }
}

/** What a tile showed in the last seconds. */
export class Statistics {
  #drawn: Drawn[] = []
  #skewFrames = 0
  #frame = ''

  /** Nothing was drawn in the last seconds. */
  get isEmpty(): boolean {
    return this.#drawn.length === 0
  }

  drew(drawn: Drawn, frame: string, isSkewed = false): void {
    this.#drawn.push(drawn)
    this.#frame = frame
    if (isSkewed) this.#skewFrames++
  }

  /** Boxes that belong to no picture of the video. */
  skewed(): void {
    this.#skewFrames++
  }

  at(now: number): TileStats {
    this.#drawn = this.#drawn.filter(({ at }) => now - at <= WINDOW_MS)
    const latencies = this.#drawn.map(({ latency }) => latency).sort((a, b) => a - b)
    const first = this.#drawn[0]
    const last = this.#drawn.at(-1)
    const ages = this.#drawn.flatMap(({ video }) => video?.boxAge ?? []).sort((a, b) => a - b)
    const span = first && last ? last.at - first.at : 0
    return {
      fps: span > 0 ? ((this.#drawn.length - 1) * 1000) / span : 0,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      latencies,
      skewFrames: this.#skewFrames,
      frame: this.#frame,
      ...(last?.video && { boxAge: quantile(ages, 0.5), lag: last.video.lag, isStreamed: last.video.isStreamed }),
    }
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
