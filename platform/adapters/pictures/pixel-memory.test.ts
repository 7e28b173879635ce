import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { jpegImage, type Pixels } from '../../events/image.ts'
import { DecodedImage } from './decoded-image.ts'
import { PixelMemory } from './pixel-memory.ts'

const pixels: Pixels = { width: 2, height: 2, data: new SharedArrayBuffer(6) }

function image(encode: () => Promise<Uint8Array> = async () => new Uint8Array([1])) {
  const freed: Pixels[] = []
  return { image: new DecodedImage(pixels, encode, (each) => freed.push(each)), freed }
}

describe('memory of pixels', () => {
  test('is used again for a picture of the same size', () => {
    const memory = new PixelMemory()
    const first = memory.take(100)
    memory.giveBack(first)
    assert.notEqual(memory.take(50), first)
    assert.equal(memory.take(100), first)
    assert.notEqual(memory.take(100), first)
  })

  test('of sizes that no camera has any longer makes room', () => {
    const memory = new PixelMemory()
    const old = memory.take(60 * 1024 * 1024)
    const young = memory.take(50 * 1024 * 1024)
    memory.giveBack(old)
    memory.giveBack(young)
    assert.equal(memory.take(50 * 1024 * 1024), young)
    assert.notEqual(memory.take(60 * 1024 * 1024), old)
  })
})

describe('a decoded picture', () => {
  test('frees its pixels once, when it is released and every loan is back', () => {
    const { image: picture, freed } = image()
    const [one, other] = [picture.lend()!, picture.lend()!]
    picture.release()
    assert.equal(picture.lend(), undefined)
    one.giveBack()
    one.giveBack()
    assert.deepEqual(freed, [])
    other.giveBack()
    picture.release()
    assert.deepEqual(freed, [pixels])
  })

  test('keeps its pixels while its JPEG is made, and its JPEG afterwards', async () => {
    const { promise, resolve } = Promise.withResolvers<Uint8Array>()
    const { image: picture, freed } = image(() => promise)
    const jpeg = picture.jpeg()
    picture.release()
    assert.deepEqual(freed, [])
    resolve(new Uint8Array([7]))
    assert.deepEqual(await jpeg, new Uint8Array([7]))
    assert.deepEqual(freed, [pixels])
    assert.deepEqual(await picture.jpeg(), new Uint8Array([7]))
  })

  test('says that it is gone to who asks too late', async () => {
    const { image: picture } = image()
    picture.release()
    await assert.rejects(picture.jpeg(), { code: 'PICTURE_EXPIRED' })
  })

  test('that came as JPEG lends nothing and outlives its release', async () => {
    const picture = jpegImage(new Uint8Array([3]), 2, 2)
    picture.release()
    assert.equal(picture.lend(), undefined)
    assert.deepEqual(await picture.jpeg(), new Uint8Array([3]))
  })
})
