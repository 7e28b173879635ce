export const STRIDES: readonly number[] = [8, 16, 32]
/** Of the grids that detectors have: the usual one, with a finer or a coarser one more, and that of tiny ones. */
const KNOWN: readonly (readonly number[])[] = [STRIDES, [4, 8, 16, 32], [8, 16, 32, 64], [16, 32]]

interface Size {
  readonly width: number
  readonly height: number
}

/** Cells of all strides' grids together: the rows of a detector without anchors. */
export function cellsOf({ width, height }: Size, strides = STRIDES): number {
  return strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0)
}

/** Whether a detector can have so many boxes, `boxesPerCell` in each cell of its grids. */
export function isGrid(boxes: number, input: Size, boxesPerCell = 1): boolean {
  return KNOWN.some((strides) => boxes === boxesPerCell * cellsOf(input, strides))
}

/** Where a row's cell lies: its grid's stride, and its column and row in it. */
export function cellAt({ width, height }: Size, row: number, strides = STRIDES) {
  let rest = row
  for (const stride of strides) {
    const across = Math.ceil(width / stride)
    const cells = across * Math.ceil(height / stride)
    if (rest < cells) return { stride, column: rest % across, line: Math.floor(rest / across) }
    rest -= cells
  }
  throw new RangeError(`There is no cell ${row} in ${width}×${height}`)
}
