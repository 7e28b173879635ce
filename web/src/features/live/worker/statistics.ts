import type { TileStats } from './protocol.ts'

const WINDOW_MS = 5000

/** What a tile showed in the last seconds. */
export class Statistics {
  #drawn: { readonly at: number; readonly latency: number }[] = []
  #skewFrames = 0
  #frame = ''

  /** Nothing was drawn in the last seconds. */
  get isEmpty(): boolean {
    return this.#drawn.length === 0
  }

  /** @param at ms since the epoch. @param latency capture to painted, ms. */
  drew(at: number, latency: number, frame: string, isSkewed: boolean): void {
    this.#drawn.push({ at, latency })
    this.#frame = frame
    if (isSkewed) this.#skewFrames++
  }

  at(now: number): TileStats {
    this.#drawn = this.#drawn.filter(({ at }) => now - at <= WINDOW_MS)
    const latencies = this.#drawn.map(({ latency }) => latency).sort((a, b) => a - b)
    const first = this.#drawn[0]
    const last = this.#drawn.at(-1)
    const span = first && last ? last.at - first.at : 0
    return {
      fps: span > 0 ? ((this.#drawn.length - 1) * 1000) / span : 0,
      p50: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      skewFrames: this.#skewFrames,
      frame: this.#frame,
    }
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
