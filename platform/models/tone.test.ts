import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { Canvas } from '../adapters/model-onnxruntime/canvas.ts'
import { pixelBytes } from '../adapters/pictures/codec.ts'
import { yoloxPreparation } from './decoders/yolox.ts'
import { gammaFor, toneTable } from './tone.ts'

function grey(luma: number) {
  const size = { width: 64, height: 32 }
  const data = new SharedArrayBuffer(pixelBytes(size.width, size.height))
  new Uint8Array(data).fill(128).fill(luma, 0, size.width * size.height)
  return { ...size, data }
}

describe('dark pictures are lifted', () => {
  test('the darker the more, up to where only noise would be; light ones stay', () => {
    const gammas = [16, 30, 60, 94, 120, 235].map((luma) => gammaFor(grey(luma)))
    assert.deepEqual(gammas, [0.4, 0.4, 0.65, 1, 1, 1])
  })

  test('black and white stay black and white', () => {
    const table = toneTable(0.45)
    assert.deepEqual([table[0], table[255]], [0, 255])
    assert.ok(table[40]! > 100 && table[40]! < 120)
  })

  test('only where the model’s record says so, and only dark ones', (t) => {
    const size = { width: 64, height: 32 }
    const drawn = (tone: 'adaptive' | undefined, luma: number): number => {
      const preparation = { ...yoloxPreparation, ...(tone && { tone }) }
      const canvas = new Canvas(size, size, { preparation, numbers: 'float32' })
      defer(t, () => canvas.close())
      canvas.draw(grey(luma))
      return Number(canvas.tensor.data[0])
    }
    assert.equal(drawn(undefined, 40), drawn(undefined, 40))
    assert.ok(drawn('adaptive', 40) > 2 * drawn(undefined, 40))
    assert.equal(drawn('adaptive', 150), drawn(undefined, 150))
  })
})
