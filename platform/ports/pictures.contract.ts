import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { PictureReader } from './pictures.ts'

/** A JPEG of one grey, 0–255, and its size. */
export type GreyJpeg = (width: number, height: number, grey: number) => Promise<Uint8Array>

/** What every reader of pictures must do. */
export function pictureReaderContract(
  name: string,
  open: (t: TestContext) => { readonly reader: PictureReader; readonly grey: GreyJpeg },
): void {
  describe(`pictures: ${name}`, () => {
    test('a JPEG becomes pixels of its size, in limited range', async (t) => {
      const { reader, grey } = open(t)
      const { width, height, data } = await reader.decode(await grey(33, 18, 126))
      assert.deepEqual([width, height, data.byteLength], [33, 18, 33 * 18 + 2 * 17 * 9])
      assert.ok(Math.abs(new Uint8Array(data)[0]! - 126) <= 2)
    })

    test('what is no picture is refused, and the next picture is read', async (t) => {
      const { reader, grey } = open(t)
      await assert.rejects(reader.decode(Buffer.from('no picture')), { code: 'PICTURE_UNDECODABLE' })
      assert.equal((await reader.decode(await grey(16, 16, 60))).width, 16)
    })
  })
}
