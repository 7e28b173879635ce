import * as ort from 'onnxruntime-node'
import type { Preparation } from '../../models/decoders/decoder.ts'
import type { Numbers } from '../../models/input.ts'
import type { Size } from '../../models/letterbox.ts'

/** What a pixel value becomes: one table a channel. */
type Store = Float32Array | Uint16Array | Uint8Array

/** A picture of planes as a model takes it: `[1, 3, height, width]`, filled again for every picture. */
export class InputTensor {
  readonly tensor: ort.Tensor
  /** Floats of 16 bits by their bits. */
  readonly values: Store

  constructor(numbers: Numbers, { width, height }: Size) {
    const count = 3 * width * height
    const dimensions = [1, 3, height, width]
    if (numbers === 'float16') {
      this.values = new Uint16Array(count)
      this.tensor = halfTensor(this.values, dimensions)
    } else if (numbers === 'uint8') {
      this.values = new Uint8Array(count)
      this.tensor = new ort.Tensor('uint8', this.values, dimensions)
    } else {
      this.values = new Float32Array(count)
      this.tensor = new ort.Tensor('float32', this.values, dimensions)
    }
  }
}

/** The runtime's own class wraps the bits in a Float16Array, which its native part does not read (onnxruntime-node 1.30). */
function halfTensor(bits: Uint16Array, dimensions: readonly number[]): ort.Tensor {
  return Object.defineProperty(new ort.Tensor('float16', bits, dimensions), 'data', { value: bits })
}

/** For each channel what pixel values 0–255 become, as the tensor holds them; undefined where they stay as they are. */
export function tablesOf({ scale, mean, deviation }: Preparation, numbers: Numbers): (Store | undefined)[] {
  return [0, 1, 2].map((channel) => {
    if (numbers === 'uint8') return undefined
    const [taken, divisor] = [mean?.[channel] ?? 0, deviation?.[channel] ?? 1]
    if (numbers === 'float32' && scale === 1 && taken === 0 && divisor === 1) return undefined
    const table = Float32Array.from({ length: 256 }, (_, value) => (value * scale - taken) / divisor)
    return numbers === 'float32' ? table : new Uint16Array(new Float16Array(table).buffer)
  })
}

/** A model of 16 bits answers in them. */
export function floatsOf({ data }: ort.Tensor): Float32Array {
  return data instanceof Float32Array ? data : new Float32Array(data as unknown as Float16Array)
}
