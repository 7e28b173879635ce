import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import WebSocket from 'ws'
import { root } from '../../platform/paths.ts'
import { quantile } from '../performance/figures.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { treeOf } from '../support/processes.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { noSlowDisk, slowDisk } from '../support/slow-disk.ts'
import { WITHIN_MS } from './probe.ts'

/** A flush of the log or of the database is one to three writes. */
const WRITES_PER_SECOND = 4
const FPS = 5
const SECONDS = 20
const FLUSHES = 5

interface Picture {
  /** Id of the frame. */
  readonly frame: string
  /** Milliseconds from the capture until it was here. */
  readonly age: number
}

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-faults-disk-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const cameras = join(folder, 'cameras.json')
  const clip = join(root, 'city', 'clips', 'east-crossing.mp4')
  await writeFile(cameras, JSON.stringify([{ name: 'East', source: `${clip}#loop`, fps: FPS }]))
  const sentinel = await startSentinel(['--port', '0', '--data-dir', join(folder, 'data'), '--cameras', cameras])
  defer(t, () => sentinel.stop('SIGTERM'))
  const pictures: Picture[] = []
  await watch(t, sentinel, (picture) => pictures.push(picture))
  await eventually(() => pictures.length > 3 * FPS, WITHIN_MS)
  const during = async (seconds: number): Promise<Picture[]> => {
    const before = pictures.length
    await sleep(seconds * 1000)
    return pictures.slice(before)
  }
  return { folder, sentinel, during }
}

describe('a disk that takes few writes a second', { skip: noSlowDisk }, () => {
  test('holds up no live picture, and all that was seen is in the database afterwards', {
    timeout: WITHIN_MS * 2,
  }, async (t) => {
    const { folder, sentinel, during } = await world(t)
    const usual = await during(SECONDS)
    const disk = slowDisk(t, folder, WRITES_PER_SECOND)
    disk.take(treeOf(sentinel.child.pid!))
    const flushes = await flushTimes(folder, disk.take)
    const slow = await during(SECONDS)
    disk.lift()
    const [before, now] = [usual, slow].map((pictures) =>
      quantile(
        pictures.map(({ age }) => age),
        0.5,
      ),
    )
    t.diagnostic(
      `a flush took ${quantile(flushes, 0.5).toFixed(0)} ms; pictures: ${usual.length} of ${before!.toFixed(0)} ms before, ${slow.length} of ${now!.toFixed(0)} ms then (medians)`,
    )
    assert.ok(quantile(flushes, 0.5) >= 250, 'the disk was slow')
    assert.ok(slow.length >= 0.8 * usual.length)
    assert.ok(now! < before! + 250)
    await allAreStored(sentinel, slow)
  })
})

/** How long each of a few small appends takes to be on the disk, in a process that is held back as Sentinel is; ms. */
async function flushTimes(folder: string, take: (pids: number[]) => void): Promise<number[]> {
  const script = `
    import { open } from 'node:fs/promises'
    await new Promise((resolve) => process.stdin.once('data', resolve))
    const file = await open(${JSON.stringify(join(folder, 'flushed'))}, 'a')
    for (let n = 0; n < ${FLUSHES}; n++) {
      const from = performance.now()
      await file.write('x'.repeat(5000))
      await file.datasync()
      console.log(performance.now() - from)
    }
    process.exit()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  await once(child, 'spawn')
  take([child.pid!])
  child.stdin.write('go\n')
  return (await text(child.stdout)).trim().split('\n').map(Number)
}

/** Shows every picture at once, as a page does that keeps up. */
async function watch(t: TestContext, { origin, token }: Started, onPicture: (picture: Picture) => void): Promise<void> {
  const { data } = await ask({ origin, token }, '{ cameras { edges { node { id } } } }')
  const cameras = data.cameras.edges.map(({ node }: { node: { id: string } }) => node.id)
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/live`, {
    headers: { authorization: `Bearer ${token}` },
  })
  defer(t, () => socket.close())
  await once(socket, 'open')
  socket.on('message', (message: Buffer, isBinary: boolean) => {
    if (!isBinary) return
    const header = JSON.parse(message.subarray(4, 4 + message.readUInt32LE()).toString())
    if (header.type !== 'frame') return
    socket.send(JSON.stringify({ type: 'ack', camera: header.camera, frame: header.frame }))
    onPicture({ frame: header.frame, age: Date.now() - header.capturedAt / 1000 })
  })
  socket.send(JSON.stringify({ type: 'watch', cameras }))
}

async function allAreStored(sentinel: Started, pictures: readonly Picture[]): Promise<void> {
  const query = '{ detections(first: 200) { edges { node { id } } } }'
  await eventually(async () => {
    const { data } = await ask(sentinel, query)
    const stored = new Set(data.detections.edges.map(({ node }: { node: { id: string } }) => node.id))
    return pictures.every(({ frame }) => stored.has(frame))
  }, 30_000)
}
