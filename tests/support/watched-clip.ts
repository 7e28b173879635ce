import type { TestContext } from 'node:test'
import { planesOf } from '../../platform/adapters/pictures/codec.ts'
import type { NodeAvVideo } from '../../platform/adapters/video-nodeav/video.ts'
import type { Pixels } from '../../platform/events/image.ts'
import { request } from '../../platform/ports/video.contract.ts'
import type { Api } from './api.ts'
import { defer } from './defer.ts'
import { detect } from './detections.ts'
import { clip } from './video.ts'

/** Reads the clip as a camera of five frames a second, finds its white square in each, and tells of it as detect does. */
export async function watchClip(t: TestContext, { log }: Api, video: NodeAvVideo, camera: string): Promise<void> {
  const abort = new AbortController()
  const watching = (async () => {
    for await (const event of video.open(request(clip, { loop: true, fps: 5, camera }), abort.signal)) {
      if (event.kind !== 'frame') continue
      const loan = event.image.lend()!
      const box = squareIn(loan.pixels)
      loan.giveBack()
      const jpeg = await event.image.jpeg()
      event.image.release()
      await detect(log, camera, { jpeg, box, capturedAt: event.capturedAt })
    }
  })()
  defer(t, async () => {
    abort.abort()
    await watching
  })
}

/** The square is as bright as nothing else, and 32 pixels wide and high; see makeClip. */
function squareIn(pixels: Pixels): [number, number, number, number] {
  const { width, height } = pixels
  const row = planesOf(pixels).data[0]!.subarray(24 * width, 25 * width)
  return [row.findIndex((luma) => luma > 180) / width, 8 / height, 32 / width, 32 / height]
}
