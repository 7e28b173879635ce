export interface Line {
  readonly points: readonly (readonly [x: number, y: number])[]
}

interface Axis {
  readonly from: number
  readonly to: number
  /** Where a value lies, in pixels. */
  at(value: number): number
}

interface Frame {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export interface Scale {
  readonly x: Axis
  readonly y: Axis
}

/** From the smallest to the largest of all lines; one value alone gets room around it. */
export function scaleOf(lines: readonly Line[], { width, height, left, right, top, bottom }: Frame): Scale {
  const points = lines.flatMap((line) => line.points)
  const [x, y] = [0, 1].map((axis) => rangeOf(points.map((point) => point[axis]!)))
  return {
    x: axis(x!, left, width - right),
    y: axis(y!, height - bottom, top),
  }
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? [low - 0.5, high + 0.5] : [low, high]
}

function axis([from, to]: readonly [number, number], start: number, end: number): Axis {
  return { from, to, at: (value) => start + ((value - from) / (to - from)) * (end - start) }
}

const MOST_TICKS = 6

/** Round values between the two: steps of 1, 2 or 5 times a power of ten. */
export function ticksOf(from: number, to: number): number[] {
  const raw = (to - from) / (MOST_TICKS - 1)
  const power = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw)!
  const first = Math.ceil(from / step - 1e-9)
  const last = Math.floor(to / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** As the `d` of an SVG path. */
export function linePath(points: Line['points'], { x, y }: Scale): string {
  return points
    .map(([across, up], i) => `${i === 0 ? 'M' : 'L'}${x.at(across).toFixed(1)} ${y.at(up).toFixed(1)}`)
    .join('')
}
