import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { CAMERAS, roadAt } from '../../../city/cameras.ts'
import { loadModel } from '../../../platform/adapters/model-onnxruntime/load-model.ts'
import { makeClip } from '../../support/clips.ts'
import { defer } from '../../support/defer.ts'
import { layoutOnnx } from '../../support/layouts.ts'
import { figuresOf, follow, shippedNumbers } from './follow.ts'
import { atRate, clipsIn, type Footage, watch } from './footage.ts'
import { sketch } from './sketch.ts'
import { tune } from './tune.ts'

const [FPS, SECONDS] = [12, 3]

/** Two cars of 40×20 pixels that pass each other in 640×360, as a perfect detector sees them. */
function passing(): Footage {
  const frames = Array.from({ length: FPS * SECONDS }, (_, n) => {
    const places = [
      ['left', 100 + n * 6, 100],
      ['right', 400 - n * 6, 180],
    ] as const
    return {
      time: n / FPS,
      width: 640,
      height: 360,
      truth: places.map(([id, x, y]) => ({ id, box: [x, y, 40, 20] as const })),
      boxes: places.map(([, x, y]) => ({
        class: 'car',
        score: 0.9,
        box: [x / 640, y / 360, 40 / 640, 20 / 360] as [number, number, number, number],
      })),
    }
  })
  return { camera: 'c', seconds: SECONDS, frames }
}

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sentinel-tracking-'))
  defer(t, () => rm(path, { recursive: true }))
  return path
}

test('what a perfect detector sees is followed from the second frame on, at each rate', () => {
  for (const [fps, frames] of [
    [5, 15],
    [10, 30],
  ] as const) {
    const clip = atRate(passing(), fps)
    assert.ok(Math.abs(clip.frames.length - frames) <= 1, `${clip.frames.length} frames at ${fps}`)
    const { truth, identified, switches, missed, wrong } = follow(clip, shippedNumbers())
    assert.deepEqual([truth - identified, switches, missed, wrong], [2, 0, 2, 0])
  }
})

test('tuning makes nothing worse, and mends numbers that are plainly wrong', () => {
  const clip = [atRate(passing(), 5)]
  const bad = { ...shippedNumbers(), leastOverlap: 0.9, buffer: 0 }
  const merit = (numbers: typeof bad): number => figuresOf(clip, numbers).idf1 || 0
  assert.ok(merit(tune([clip], bad, () => {})) > merit(bad))
})

test('a clip is seen frame by frame beside its truth; small and hidden objects are not asked for', async (t) => {
  const path = await folder(t)
  makeClip({ path: join(path, 'a.mp4'), width: 64, height: 64, fps: FPS, seconds: 1 })
  makeClip({ path: join(path, 'b.mp4'), width: 64, height: 64, fps: FPS, seconds: 1 })
  const boxes = [
    { id: '1', class: 'car', box: [12, 24, 16, 8], visibility: 1 },
    { id: '2', class: 'car', box: [0, 0, 8, 8], visibility: 1 },
    { id: '3', class: 'car', box: [0, 0, 40, 40], visibility: 0.1 },
  ]
  const lines = (count: number) => gzipSync(`{"camera":"a"}\n${`${JSON.stringify({ boxes })}\n`.repeat(count)}`)
  await writeFile(join(path, 'a.truth.jsonl.gz'), lines(FPS))
  await writeFile(join(path, 'model.onnx'), layoutOnnx({ layout: 'transposed' }))
  const model = await loadModel({ file: join(path, 'model.onnx'), workers: 1 })
  defer(t, () => model.close())
  const [clip, ...others] = clipsIn(path)
  assert.equal(others.length, 0)
  const { camera, seconds, frames } = await watch(clip!, model)
  assert.deepEqual([camera, frames.length, Math.round(seconds * FPS)], ['a', FPS, FPS])
  assert.deepEqual(
    frames[5]!.truth.map(({ isIgnored }) => isIgnored),
    [false, true, true],
  )
  assert.ok(frames[5]!.boxes.length > 0)
  await writeFile(clip!.truth, lines(FPS - 1))
  await assert.rejects(watch(clip!, model), /tells of 11 frames/)
})

test('sketched road users lie where the camera sees them, and nearer ones hide those behind', () => {
  const camera = CAMERAS[4]!
  const place = roadAt(camera, 320, 240)!
  const far = roadAt(camera, 320, 225)!
  const user = { kind: 'bus', look: 0, headingX: 0, headingZ: 1, speed: 0, braking: false, metres: 0 } as const
  const moments = Array.from({ length: 24 }, () => [
    { ...user, id: 1, ...place },
    { ...user, id: 2, kind: 'person' as const, ...far },
  ])
  const { frames } = sketch(camera, moments)
  assert.deepEqual(sketch(camera, moments).frames, frames)
  const [bus, ...others] = frames[0]!.truth.filter(({ isIgnored }) => !isIgnored)
  const [x, y, w, h] = bus!.box
  assert.equal(others.length, 0)
  assert.ok(x < 320 && x + w > 320 && y + h > 240 && y < 240, String(bus!.box))
  const { found, identified } = follow({ frames }, shippedNumbers())
  assert.ok(found > 20 && identified > 18, `${identified} of ${found} identified`)
})
