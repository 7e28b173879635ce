import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { makeClip } from '../../../tests/support/clips.ts'
import { clip, clipPath, folder, openVideo, reasonOf } from '../../../tests/support/video.ts'
import { framesOf, listen, request, videoContract } from '../../ports/video.contract.ts'

videoContract('node-av', async (t) => {
  const nonsense = join(folder, 'nonsense.mp4')
  await writeFile(nonsense, 'this is no video at all'.repeat(100))
  return { video: openVideo(t), clip, nonsense: pathToFileURL(nonsense).href }
})

describe('files', () => {
  test('that are empty, cut off or not there say so', async (t) => {
    const video = openVideo(t)
    const whole = await readFile(clipPath)
    const put = async (name: string, bytes: Buffer): Promise<string> => {
      await writeFile(join(folder, name), bytes)
      return pathToFileURL(join(folder, name)).href
    }
    assert.equal(reasonOf(await listen(video, request(await put('empty.mp4', Buffer.alloc(0))), 5000)), 'not-video')
    assert.equal(
      reasonOf(await listen(video, request(await put('cut.mp4', whole.subarray(0, whole.length / 3))), 5000)),
      'not-video',
    )
    assert.equal(
      reasonOf(await listen(video, request(pathToFileURL(join(folder, 'none.mp4')).href), 5000)),
      'not-found',
    )
    assert.equal(reasonOf(await listen(video, request(pathToFileURL(folder).href), 5000)), 'not-video')
  })
})

describe('a stream that changes its size', () => {
  test('goes on and tells the new one', async (t) => {
    const sizes = [
      [320, 180],
      [200, 120],
    ] as const
    const parts = sizes.map(([width, height]) => {
      const path = join(folder, `${width}.ts`)
      makeClip({ path, width, height, fps: 20, seconds: 1 })
      return readFile(path)
    })
    await writeFile(join(folder, 'both.ts'), Buffer.concat(await Promise.all(parts)))
    const events = await listen(openVideo(t), request(pathToFileURL(join(folder, 'both.ts')).href), 8000)
    const told = events.flatMap((event) => (event.kind === 'opened' ? [[event.width, event.height]] : []))
    assert.deepEqual(told, sizes)
    const shown = new Set(framesOf(events).map(({ image }) => image.width))
    assert.deepEqual([...shown], [320, 200])
  })
})
