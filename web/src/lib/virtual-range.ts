/** Drawn beyond both edges, so that a quick scroll shows rows and not a hole. */
const OVERSCAN = 12

export interface Range {
  readonly start: number
  /** Not included. */
  readonly end: number
}

interface View {
  /** Pixels. */
  readonly top: number
  readonly height: number
  readonly rowHeight: number
  readonly count: number
}

/** The rows to draw: those in sight and a few beyond. */
export function rangeOf({ top, height, rowHeight, count }: View): Range {
  const first = Math.floor(top / rowHeight) - OVERSCAN
  const last = Math.ceil((top + height) / rowHeight) + OVERSCAN
  const end = Math.min(count, Math.max(0, last))
  return { start: Math.min(Math.max(0, first), end), end }
}

/** Where to scroll to so that a row is in sight, or undefined when it is: as little as it takes. */
export function scrollTo(row: number, { top, height, rowHeight }: Omit<View, 'count'>): number | undefined {
  const at = row * rowHeight
  if (at < top) return at
  return at + rowHeight > top + height ? at + rowHeight - height : undefined
}
