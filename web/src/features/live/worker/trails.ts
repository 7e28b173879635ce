import type { LiveBox } from './protocol.ts'

/** A trail is as long as this, µs of capture time. */
const TRAIL_US = 4_000_000

export interface TrailPoint {
  /** µs since the epoch. */
  readonly at: number
  /** Where the object touches the street, in shares of the picture. */
  readonly x: number
  readonly y: number
}

/** Where the objects of one camera have been lately, by track. */
export class Trails {
  readonly #trails = new Map<string, TrailPoint[]>()

  /** @param at µs since the epoch */
  see(boxes: readonly LiveBox[], at: number): void {
    for (const { trackId, box } of boxes) {
      if (!trackId) continue
      const [x, y, width, height] = box
      const trail = this.#trails.get(trackId) ?? []
      trail.push({ at, x: x + width / 2, y: y + height })
      this.#trails.set(trackId, trail)
    }
    for (const [id, trail] of this.#trails) {
      const recent = trail.filter((point) => Math.abs(at - point.at) <= TRAIL_US)
      if (recent.length > 0) this.#trails.set(id, recent)
      else this.#trails.delete(id)
    }
  }

  of(trackId: string): readonly TrailPoint[] {
    return this.#trails.get(trackId) ?? []
  }
}
