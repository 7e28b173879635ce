import { SentinelError } from '../../errors.ts'
import type { FrameImage, PixelLoan, Pixels } from '../../events/image.ts'

/** A picture that was decoded here: its JPEG is made when somebody first asks, once. */
export class DecodedImage implements FrameImage {
  readonly width: number
  readonly height: number
  readonly #encode: (pixels: Pixels) => Promise<Uint8Array>
  readonly #onFree: (pixels: Pixels) => void
  #pixels: Pixels | undefined
  #loans = 0
  #isReleased = false
  #jpeg: Promise<Uint8Array> | undefined
  #jpegBytes = 0

  /** @param onFree hears, once, that nobody reads the pixels any more. */
  constructor(pixels: Pixels, encode: (pixels: Pixels) => Promise<Uint8Array>, onFree: (pixels: Pixels) => void) {
    this.width = pixels.width
    this.height = pixels.height
    this.#pixels = pixels
    this.#encode = encode
    this.#onFree = onFree
  }

  get byteLength(): number {
    return (this.#pixels?.data.byteLength ?? 0) + this.#jpegBytes
  }

  jpeg(): Promise<Uint8Array> {
    this.#jpeg ??= this.#makeJpeg()
    return this.#jpeg
  }

  lend(): PixelLoan | undefined {
    const pixels = this.#pixels
    if (!pixels || this.#isReleased) return undefined
    this.#loans++
    let isOut = true
    return {
      pixels,
      giveBack: () => {
        if (!isOut) return
        isOut = false
        this.#loans--
        this.#freeWhenIdle()
      },
    }
  }

  release(): void {
    this.#isReleased = true
    this.#freeWhenIdle()
  }

  #freeWhenIdle(): void {
    const pixels = this.#pixels
    if (!pixels || !this.#isReleased || this.#loans > 0) return
    this.#pixels = undefined
    this.#onFree(pixels)
  }

  async #makeJpeg(): Promise<Uint8Array> {
    const loan = this.lend()
    if (!loan) throw new SentinelError('PICTURE_EXPIRED', 'The picture is gone: newer ones have taken its place')
    try {
      const bytes = await this.#encode(loan.pixels)
      this.#jpegBytes = bytes.byteLength
      return bytes
    } finally {
      loan.giveBack()
    }
  }
}
