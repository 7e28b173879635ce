import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { makeClip } from '../../../tests/support/clips.ts'
import { folder, openVideo, reasonOf, serve } from '../../../tests/support/video.ts'
import { framesOf, listen, request } from '../../ports/video.contract.ts'

describe('HLS', () => {
  test('is played at its pace with the time of day that its playlist says', async (t) => {
    const home = join(folder, 'hls')
    await rm(home, { recursive: true, force: true })
    await mkdir(home)
    const muxer = {
      hls_time: '1',
      hls_list_size: '0',
      hls_flags: 'program_date_time',
      hls_segment_filename: join(home, 's%d.ts'),
    }
    makeClip({ path: join(home, 'live.m3u8'), width: 320, height: 180, fps: 20, seconds: 4, muxer, format: 'hls' })
    const text = await readFile(join(home, 'live.m3u8'), 'utf8')
    assert.match(text, /EXT-X-PROGRAM-DATE-TIME/)
    const url = await serve(t, async (incoming, response) => {
      const path = join(home, incoming.url!.slice(1))
      if (!existsSync(path)) return response.writeHead(404).end()
      response
        .writeHead(200, { 'content-type': path.endsWith('m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp2t' })
        .end(await readFile(path))
    })
    const started = performance.now()
    const events = await listen(openVideo(t), request(`${url}/live.m3u8`), 12_000)
    const frames = framesOf(events)
    assert.ok(frames.length >= 74 && frames.length <= 80, `${frames.length} frames`)
    assert.ok(frames.every(({ captureClock }) => captureClock === 'program-date-time'))
    const span = (frames.at(-1)!.capturedAt - frames[0]!.capturedAt) / 1e6
    assert.ok(span > 3.6 && span < 4.2, `${span} s by the playlist's clock`)
    assert.ok(performance.now() - started > 3500, 'it was rushed')
    assert.equal(reasonOf(events), 'ended')
  })
})
