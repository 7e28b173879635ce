import type { BufferGeometry, Matrix4 } from 'three'

/** A body alone in front of the camera, in pixels of the straight picture. */
export interface Silhouette {
  /** Pixels it would cover if nothing hid it and the picture had no edge. */
  readonly area: number
  /** Its projected corners: x, y, x, y, … */
  readonly points: Float32Array
}

/** Nearer than this, metres, a corner cannot be projected. */
const NEAR = 0.3

/** Draws a body's triangles by the rule of graphics cards: a pixel belongs to it when its middle does. */
export function silhouetteOf(geometry: BufferGeometry, toClip: Matrix4, width: number, height: number): Silhouette {
  const points = projected(geometry, toClip, width, height)
  const [left, top, right, bottom] = boundsOf(points)
  const x0 = Math.max(-width, Math.floor(left))
  const y0 = Math.max(-height, Math.floor(top))
  const columns = Math.min(2 * width, Math.ceil(right)) - x0
  const rows = Math.min(2 * height, Math.ceil(bottom)) - y0
  if (!(columns > 0 && rows > 0)) return { area: 0, points }
  const mask = new Uint8Array(columns * rows)
  for (let at = 0; at + 5 < points.length; at += 6) drawTriangle(mask, columns, rows, points, at, x0, y0)
  return { area: mask.reduce((sum, covered) => sum + covered, 0), points }
}

/** Triangles with a corner behind the camera are left out. */
function projected(geometry: BufferGeometry, { elements: m }: Matrix4, width: number, height: number): Float32Array {
  const { array } = geometry.getAttribute('position')
  const points = new Float32Array((array.length / 3) * 2)
  let kept = 0
  for (let at = 0; at < array.length; at += 9) {
    let isBehind = false
    for (let corner = 0; corner < 3; corner++) {
      const [x, y, z] = [array[at + corner * 3]!, array[at + corner * 3 + 1]!, array[at + corner * 3 + 2]!]
      const w = m[3]! * x + m[7]! * y + m[11]! * z + m[15]!
      isBehind ||= w < NEAR
      points[kept + corner * 2] = (((m[0]! * x + m[4]! * y + m[8]! * z + m[12]!) / w) * 0.5 + 0.5) * width
      points[kept + corner * 2 + 1] = (0.5 - ((m[1]! * x + m[5]! * y + m[9]! * z + m[13]!) / w) * 0.5) * height
    }
    if (!isBehind) kept += 6
  }
  return points.subarray(0, kept)
}

/** Left, top, right, bottom. */
export function boundsOf(points: Float32Array): [number, number, number, number] {
  const bounds: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = [points[at]!, points[at + 1]!]
    if (x < bounds[0]) bounds[0] = x
    if (y < bounds[1]) bounds[1] = y
    if (x > bounds[2]) bounds[2] = x
    if (y > bounds[3]) bounds[3] = y
  }
  return bounds
}

function drawTriangle(
  mask: Uint8Array,
  columns: number,
  rows: number,
  points: Float32Array,
  at: number,
  x0: number,
  y0: number,
): void {
  const [ax, ay] = [points[at]! - x0 - 0.5, points[at + 1]! - y0 - 0.5]
  const [bx, by] = [points[at + 2]! - x0 - 0.5, points[at + 3]! - y0 - 0.5]
  const [cx, cy] = [points[at + 4]! - x0 - 0.5, points[at + 5]! - y0 - 0.5]
  const first = Math.max(0, Math.ceil(Math.min(ay, by, cy)))
  const last = Math.min(rows - 1, Math.floor(Math.max(ay, by, cy)))
  for (let y = first; y <= last; y++) {
    let from = Infinity
    let to = -Infinity
    const cross = (px: number, py: number, qx: number, qy: number): void => {
      if (py === qy || y < Math.min(py, qy) || y > Math.max(py, qy)) return
      const x = px + ((y - py) / (qy - py)) * (qx - px)
      if (x < from) from = x
      if (x > to) to = x
    }
    cross(ax, ay, bx, by)
    cross(bx, by, cx, cy)
    cross(cx, cy, ax, ay)
    const start = Math.max(0, Math.ceil(from))
    const end = Math.min(columns - 1, Math.floor(to))
    if (end >= start) mask.fill(1, y * columns + start, y * columns + end + 1)
  }
}
