import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { frameGrabber } from '../../functions/frame-grabber/handler.ts'
import { KafkaLog } from '../../platform/adapters/log-kafka/kafka-log.ts'
import { memory } from '../../platform/adapters/memory.ts'
import { systemClock } from '../../platform/adapters/system-clock.ts'
import { NodeAvVideo } from '../../platform/adapters/video-nodeav/video.ts'
import { CameraWatch } from '../../platform/events/camera.ts'
import type { TopicName } from '../../platform/events/topics.ts'
import type { Implementation } from '../../platform/function.ts'
import { hostFunction } from '../../platform/hosts/host-function.ts'
import { makeClip } from '../support/clips.ts'
import { defer } from '../support/defer.ts'
import { kafkaSpace } from '../support/kafka.ts'
import { eventually, readTopic } from '../support/log.ts'
import { rtspServer } from '../support/rtsp.ts'
import { tell } from '../support/subscriber.ts'
import { PARTITIONS, silent, WITHIN_MS } from './probe.ts'

const TOPICS = ['cameras.watch', 'frames', 'events.cameras', 'dlq-events'] satisfies TopicName[]
const FRAMES = 10
const RESTARTS = 2
const LEASE_MS = 3_600_000

describe('a camera', { skip: rtspServer.skip }, () => {
  test('whose RTSP server is restarted goes on by itself, each picture once and in order', {
    timeout: WITHIN_MS * 2,
  }, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-faults-camera-'))
    defer(t, () => rm(folder, { recursive: true, force: true }))
    const clip = join(folder, 'clip.mp4')
    makeClip({ path: clip, width: 320, height: 180, fps: 10, seconds: 3 })
    const space = await kafkaSpace(TOPICS)
    defer(t, space.remove)
    const log = new KafkaLog(space.url)
    defer(t, () => log.close())
    let camera = await rtspServer.start(clip)
    defer(t, () => camera.stop())
    const video = new NodeAvVideo()
    defer(t, () => video.close())
    const cameras = { sourceOf: async () => ({ url: camera.url, loop: false }) }
    const ports = { log, video, cameras, memory: memory(100), clock: systemClock }
    const consumer = await hostFunction(frameGrabber as Implementation, ports, { maxWidth: 1280 }, silent)
    defer(t, () => consumer.stop())
    await tell(log, 'cameras.watch', CameraWatch.of('cam-1', { until: Date.now() + LEASE_MS, fps: 5, revision: 0 }))
    const taken = async (): Promise<number[]> =>
      (await readTopic(log, 'frames', PARTITIONS)).map(({ headers }) => Number(headers.ce_capturedat))
    const more = async (): Promise<void> => {
      const before = (await taken()).length
      await eventually(async () => (await taken()).length >= before + FRAMES, WITHIN_MS)
    }
    await more()
    for (let restart = 0; restart < RESTARTS; restart++) {
      await camera.stop()
      camera = await rtspServer.start(clip, { port: camera.port })
      await more()
    }
    const times = await taken()
    assert.deepEqual(
      times,
      [...new Set(times)].sort((a, b) => a - b),
    )
    const types = (await readTopic(log, 'events.cameras', PARTITIONS)).map(({ headers }) => String(headers.ce_type))
    const online = types.filter((type) => type === 'sentinel.camera.online.v1').length
    assert.equal(online, RESTARTS + 1, types.join(', '))
    t.diagnostic(`${t.name}: ${times.length} pictures over ${RESTARTS} restarts, none twice, none out of order`)
  })
})
