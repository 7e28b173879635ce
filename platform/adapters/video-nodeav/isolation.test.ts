import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { eventually } from '../../../tests/support/log.ts'
import { clip, folder, openVideo, reasonOf, serveTcp, someFrames } from '../../../tests/support/video.ts'
import { framesOf, listen, request } from '../../ports/video.contract.ts'
import type { StreamEvent } from '../../ports/video.ts'

describe('one camera and another', () => {
  test('a process that is killed brings its cameras down as crashed, and a new one is there for the next attempt', async (t) => {
    const video = openVideo(t)
    const events: StreamEvent[] = []
    const reading = (async () => {
      for await (const event of video.open(request(clip, { loop: true }), AbortSignal.timeout(8000))) events.push(event)
    })()
    await eventually(() => framesOf(events).length > 2)
    process.kill(video.processIds[0]!, 'SIGKILL')
    await reading
    assert.equal(reasonOf(events), 'crashed')
    await someFrames(video, request(clip, { loop: true }))
  })

  test('a process that dies does not slow the cameras of another, and one that reads nothing ends', async (t) => {
    const video = openVideo(t)
    const read = (ms: number) => listen(video, request(clip, { fps: 10, loop: true }), ms)
    const four = Array.from({ length: 4 }, () => read(4000))
    const fifth = read(4000)
    await eventually(() => video.processIds.length === 2)
    const [first, second] = video.processIds
    setTimeout(() => process.kill(first!, 'SIGKILL'), 2000)
    const crashed = await Promise.all(four)
    const died = Date.now()
    assert.deepEqual(new Set(crashed.map(reasonOf)), new Set(['crashed']))
    const frames = framesOf(await fifth)
    const gaps = frames.slice(1).map(({ capturedAt }, i) => (capturedAt - frames[i]!.capturedAt) / 1000)
    const later = frames.filter(({ capturedAt }) => capturedAt / 1000 > died)
    assert.ok(later.length >= 12 && Math.max(...gaps) < 400, `${later.length} frames, gaps ${Math.max(...gaps)} ms`)
    await read(1500)
    await eventually(() => video.processIds.length === 1)
    assert.deepEqual(video.processIds, [second])
  })

  test('a reader that does not start is told with the reason until one starts', async (t) => {
    const node = process.execPath
    t.after(() => Object.assign(process, { execPath: node }))
    const video = openVideo(t)
    process.execPath = join(folder, 'no-such-node')
    assert.equal(reasonOf(await listen(video, request(clip), 5000)), 'crashed')
    await assert.rejects(video.check(), { code: 'VIDEO_UNAVAILABLE', message: /does not start: .*ENOENT/ })
    process.execPath = node
    await someFrames(video, request(clip), 1)
    await video.check()
  })

  test('sources that hang and send garbage do not slow a good one', async (t) => {
    const port = await serveTcp(t)
    const nonsense = join(folder, 'nonsense.mp4')
    await writeFile(nonsense, 'this is no video at all'.repeat(100))
    const video = openVideo(t)
    const bad = [`rtsp://127.0.0.1:${port}/x`, `http://127.0.0.1:${port}/`, pathToFileURL(nonsense).href]
    const others = bad.map((url) => listen(video, request(url), 3500))
    const frames = framesOf(await listen(video, request(clip, { fps: 10, loop: true }), 3500))
    const span = (frames.at(-1)!.capturedAt - frames[0]!.capturedAt) / 1e6
    assert.ok(span > 1.5 && (frames.length - 1) / span > 8.5, `${frames.length} frames in ${span} s`)
    await Promise.all(others)
  })
})
