import type { Box } from '../../platform/events/frame.ts'

/** Intersection over union. */
export function boxOverlap([ax, ay, aw, ah]: Box['box'], [bx, by, bw, bh]: Box['box']): number {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx)
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by)
  const shared = Math.max(0, width) * Math.max(0, height)
  return shared / (aw * ah + bw * bh - shared)
}
