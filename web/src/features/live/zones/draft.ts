import type { Point, Zone, ZoneValues } from '../api/zones.ts'

/** A zone that is being drawn or changed. */
export interface Draft extends ZoneValues {
  /** None while it is new. */
  readonly id: string | undefined
}

export const NEW_ZONE: Draft = { id: undefined, name: '', kind: 'AREA', points: [] }

export function draftOf({ id, name, kind, points }: Zone): Draft {
  return { id, name, kind, points: points.map(({ x, y }) => ({ x, y })) }
}

/** At the end; without a place between the last and the first, so that it can be moved from there. */
export function withPoint(draft: Draft, place?: Point): Draft {
  return { ...draft, points: [...draft.points, within(place ?? placeFor(draft.points))] }
}

function placeFor(points: readonly Point[]): Point {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return { x: 0.4, y: 0.4 }
  if (points.length === 1) return { x: first.x + 0.2, y: first.y }
  if (points.length === 2) return { x: last.x, y: last.y + 0.2 }
  return { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 }
}

export function withPointAt(draft: Draft, index: number, place: Point): Draft {
  return { ...draft, points: draft.points.map((point, i) => (i === index ? within(place) : point)) }
}

export function withoutPoint(draft: Draft, index: number): Draft {
  return { ...draft, points: draft.points.filter((_, i) => i !== index) }
}

export function hasEnoughPoints({ kind, points }: Draft): boolean {
  return points.length >= (kind === 'AREA' ? 3 : 2)
}

function within({ x, y }: Point): Point {
  const share = (value: number): number => Math.min(1, Math.max(0, value))
  return { x: share(x), y: share(y) }
}
