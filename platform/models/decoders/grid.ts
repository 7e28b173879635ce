export const STRIDES = [8, 16, 32]

/** Cells of all strides' grids together: the rows of a detector without anchors. */
export function cellsOf({ width, height }: { width: number; height: number }): number {
  return STRIDES.reduce((sum, stride) => sum + (width / stride) * (height / stride), 0)
}
