/** Black and white of the luma of limited range. */
const [BLACK, WHITE] = [16, 235]
/** Mean brightness, a share of white, that darker pictures are lifted to: about that of a dull day. */
const TARGET = 0.36
/** Below it noise is lifted with what is seen. */
const LEAST_GAMMA = 0.4
/** Gammas come in steps, so that few tables are made and a picture that flickers is not treated anew each time. */
const STEPS = 20
/** Every so many pixels tell the brightness well enough. */
const SPARSE = 13

interface Luma {
  readonly width: number
  readonly height: number
  /** Its first width · height bytes are luma. */
  readonly data: SharedArrayBuffer
}

/** The exponent that lifts a dark picture, by its own mean brightness: no label, no clock. 1 for one that is light enough. */
export function gammaFor(picture: Luma): number {
  const brightness = Math.max(0.01, brightnessOf(picture))
  if (brightness >= TARGET) return 1
  const gamma = Math.log(TARGET) / Math.log(brightness)
  return Math.max(LEAST_GAMMA, Math.round(gamma * STEPS) / STEPS)
}

function brightnessOf({ width, height, data }: Luma): number {
  const luma = new Uint8Array(data, 0, width * height)
  let [sum, count] = [0, 0]
  for (let at = 0; at < luma.length; at += SPARSE) {
    sum += luma[at]!
    count++
  }
  return Math.min(1, Math.max(0, (sum / count - BLACK) / (WHITE - BLACK)))
}

/** What pixel values 0–255 become. */
export function toneTable(gamma: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => Math.round(255 * (value / 255) ** gamma))
}
