/** Pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Where a picture lies in a model's input: scaled without changing its shape, the rest filled. */
export interface Letterbox {
  readonly inputWidth: number
  readonly inputHeight: number
  /** Size of the scaled picture, pixels. */
  readonly width: number
  readonly height: number
  /** Its top-left corner. */
  readonly x: number
  readonly y: number
}

export type Placement = 'top-left' | 'centred'

export function letterbox(picture: Size, input: Size, placement: Placement): Letterbox {
  const scale = Math.min(input.width / picture.width, input.height / picture.height)
  const width = Math.max(1, Math.min(input.width, Math.round(picture.width * scale)))
  const height = Math.max(1, Math.min(input.height, Math.round(picture.height * scale)))
  const isCentred = placement === 'centred'
  return {
    inputWidth: input.width,
    inputHeight: input.height,
    width,
    height,
    x: isCentred ? Math.floor((input.width - width) / 2) : 0,
    y: isCentred ? Math.floor((input.height - height) / 2) : 0,
  }
}

/** The smallest input that holds the picture as large as `limit` would, sides rounded up to the model's stride. */
export function smallestInput(picture: Size, limit: Size, stride: number): Size {
  const { width, height } = letterbox(picture, limit, 'top-left')
  const up = (size: number, most: number): number => Math.min(most, Math.ceil(size / stride) * stride)
  return { width: up(width, limit.width), height: up(height, limit.height) }
}

/** Input pixels to shares of the picture (x, y of the top-left corner, width, height), cut off at its edges. */
export function toPicture(
  { width, height, x, y }: Letterbox,
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): [number, number, number, number] {
  const unit = (value: number): number => Math.min(1, Math.max(0, value))
  const left = unit((box.left - x) / width)
  const top = unit((box.top - y) / height)
  return [left, top, unit((box.right - x) / width) - left, unit((box.bottom - y) / height) - top]
}
