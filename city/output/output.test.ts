import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { Demuxer } from 'node-av'
import { defer } from '../../tests/support/defer.ts'
import type { TruePicture } from '../truth.ts'
import { ClipWriter } from './clip.ts'
import { gunzip, stableGzip } from './gzip.ts'
import { JpegWriter } from './jpeg.ts'
import { Labels } from './labels.ts'
import { lock } from './lock.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sentinel-city-'))
  defer(t, () => rm(path, { recursive: true }))
  return path
}

const picture = (image: string): TruePicture => ({
  image,
  width: 640,
  height: 360,
  mood: 'day',
  seed: 1,
  camera: 'v000',
  boxes: [],
})

test('labels go on after a run that was killed in the middle of a line', async (t) => {
  const path = join(await folder(t), 'labels.jsonl')
  const first = await Labels.open(path)
  await first.add(picture('a.jpg'))
  await first.close()
  await appendFile(path, '{"image":"b.jp')
  const second = await Labels.open(path)
  assert.deepEqual([second.has('a.jpg'), second.has('b.jpg')], [true, false])
  await second.add(picture('b.jpg'))
  await second.close()
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).image),
    ['a.jpg', 'b.jpg'],
  )
})

test('a folder has one run at a time; what a dead one left is taken over', async (t) => {
  const path = join(await folder(t), 'lock')
  await writeFile(path, String(process.ppid))
  await assert.rejects(lock(path), /is writing there already/)
  const dead = spawnSync(process.execPath, ['--version']).pid
  await writeFile(path, String(dead))
  await (await lock(path))()
  await assert.rejects(readFile(path), { code: 'ENOENT' })
})

test('gzip tells neither the time nor the machine, and comes back', () => {
  const bytes = stableGzip('a truth')
  assert.deepEqual([...bytes.subarray(4, 8), bytes[9]], [0, 0, 0, 0, 255])
  assert.equal(gunzip(bytes), 'a truth')
})

/** Red above, blue below. */
function halves(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 4, 255)
  for (let at = 0; at < width * height; at++) pixels.set(at < (width * height) / 2 ? [255, 0, 0] : [0, 0, 255], at * 4)
  return pixels
}

test('a coarser JPEG is smaller', () => {
  const jpeg = new JpegWriter(64, 48)
  const noise = Buffer.from(Uint8Array.from({ length: 64 * 48 * 4 }, (_, at) => (at * 7919) % 251))
  const fine = jpeg.write(noise, 2)
  assert.deepEqual([...fine.subarray(0, 2)], [0xff, 0xd8])
  assert.ok(jpeg.write(noise, 12).length < fine.length / 2)
})

test('a clip has its frames, its size, and a key frame every second', async (t) => {
  const path = join(await folder(t), 'clip.mp4')
  const clip = new ClipWriter(path, { width: 64, height: 48, fps: 12 })
  for (let frame = 0; frame < 36; frame++) clip.write(halves(64, 48))
  clip.close()
  await using demuxer = await Demuxer.open(path)
  const keys: boolean[] = []
  for await (const packet of demuxer.packets()) if (packet) keys.push(packet.isKeyframe)
  assert.deepEqual(
    keys.flatMap((isKey, frame) => (isKey ? [frame] : [])),
    [0, 12, 24],
  )
  assert.equal(keys.length, 36)
  assert.deepEqual([demuxer.video()?.codecpar.width, demuxer.video()?.codecpar.height], [64, 48])
})
