import { pixelBytes, planesOf } from '../../platform/adapters/pictures/codec.ts'
import { Pictures } from '../../platform/adapters/pictures/pictures.ts'

export const STREET = { width: 640, height: 360, side: 60 } as const

/** Dark streets, each with a white square whose left edge is at one of `places`, pixels; its top is at 150. */
export async function streets(places: readonly number[]): Promise<Uint8Array[]> {
  const pictures = new Pictures()
  try {
    return await Promise.all(places.map((x) => street(pictures, x)))
  } finally {
    await pictures.close()
  }
}

async function street(pictures: Pictures, x: number): Promise<Uint8Array> {
  const { width, height, side } = STREET
  const pixels = { width, height, data: new SharedArrayBuffer(pixelBytes(width, height)) }
  const [y, u, v] = planesOf(pixels).data
  y!.fill(40)
  u!.fill(128)
  v!.fill(128)
  for (let row = 150; row < 150 + side; row++) y!.fill(235, row * width + x, row * width + x + side)
  return pictures.image(pixels).jpeg()
}
