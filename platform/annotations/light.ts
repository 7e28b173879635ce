import type { Light } from '../events/annotation.ts'
import type { Pixels } from '../events/image.ts'

/** Limited range: black and white of the luma plane. */
const [BLACK, WHITE] = [16, 235]
/** Mean brightness, share of white, below which a street is dark, or half dark. */
const NIGHT_BELOW = 0.22
const DUSK_BELOW = 0.36

/** How many pixels have each luma, 0–255. */
export function histogramOf({ width, height, data }: Pixels): Uint32Array {
  const counts = new Uint32Array(256)
  for (const luma of new Uint8Array(data, 0, width * height)) counts[luma]!++
  return counts
}

/** Mean brightness as a share of white. */
export function brightnessOf(histogram: Uint32Array): number {
  let [sum, count] = [0, 0]
  for (const [luma, times] of histogram.entries()) {
    sum += times * Math.min(1, Math.max(0, (luma - BLACK) / (WHITE - BLACK)))
    count += times
  }
  return count === 0 ? 0 : sum / count
}

/** What a picture itself shows, whatever the time of day. */
export function lightOf(pixels: Pixels): Light {
  const brightness = brightnessOf(histogramOf(pixels))
  if (brightness < NIGHT_BELOW) return 'night'
  return brightness < DUSK_BELOW ? 'dusk' : 'day'
}
