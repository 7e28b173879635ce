import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../support/defer.ts'
import { ask, startSentinel } from '../support/sentinel.ts'

/** Neither the built-in cameras nor the built-in detector. */
const EMPTY = ['--port', '0', '--cameras', 'none', '--model', 'none']

async function workplace(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-start-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Part {
  readonly name: string
  readonly state: string
  readonly message: string
}

/** The state of each part, and why those fail that do. */
async function readiness(origin: string) {
  const response = await fetch(`${origin}/readyz`)
  const { parts } = (await response.json()) as { parts: Part[] }
  const failing = parts.filter(({ state }) => state === 'failing')
  return {
    status: response.status,
    states: Object.fromEntries(parts.map(({ name, state }) => [name, state])),
    reasons: failing.map(({ name, message }) => `${name}: ${message}`).join('\n'),
  }
}

describe('npm start', () => {
  test('runs without a model and cameras, says what is missing, and ends cleanly on SIGTERM', async (t) => {
    const folder = await workplace(t)
    const sentinel = await startSentinel([...EMPTY, '--data-dir', folder])
    defer(t, () => sentinel.stop('SIGKILL'))
    assert.match(sentinel.output(), /no detector.*--model FILE/)
    assert.match(sentinel.output(), /No camera is switched on.*--cameras FILE/)
    const { data } = await ask(sentinel, '{ viewer { id } health { ready } }')
    assert.equal(data.health.ready, true)
    assert.equal(await sentinel.stop('SIGTERM'), 0)
  })

  test('/readyz tells each part with its state, and the reason of one that fails, until it works again', async (t) => {
    const folder = await workplace(t)
    const sentinel = await startSentinel([...EMPTY, '--data-dir', folder])
    defer(t, () => sentinel.stop('SIGKILL'))
    const ready = {
      database: 'ready',
      log: 'ready',
      objects: 'ready',
      video: 'ready',
      model: 'missing',
      deployment: 'ready',
      cameras: 'missing',
    }
    const running = {
      'frame-grabber': 'ready',
      detect: 'missing',
      'event-store': 'ready',
      'frame-keeper': 'ready',
      'triage-router': 'ready',
      'annotation-store': 'ready',
      'train-trigger': 'ready',
      trainer: 'ready',
      evaluate: 'ready',
      shadow: 'ready',
      'model-promoter': 'ready',
    }
    assert.deepEqual(await readiness(sentinel.origin), { status: 200, states: { ...ready, ...running }, reasons: '' })
    const objects = join(folder, 'objects')
    await rm(objects, { recursive: true })
    await writeFile(objects, 'a file is in its place')
    const { status, states, reasons } = await readiness(sentinel.origin)
    assert.deepEqual({ status, states }, { status: 503, states: { ...ready, ...running, objects: 'failing' } })
    assert.match(reasons, /^objects: The object store does not answer; .* \(The object store cannot be used: /)
    await rm(objects)
    assert.equal((await readiness(sentinel.origin)).status, 200)
    await sentinel.stop()
  })

  test('two run on two data directories; a second one on the same is refused; a second start goes on', async (t) => {
    const [one, two] = [await workplace(t), await workplace(t)]
    const first = await startSentinel([...EMPTY, '--data-dir', one])
    defer(t, () => first.stop('SIGKILL'))
    const other = await startSentinel([...EMPTY, '--data-dir', two])
    defer(t, () => other.stop('SIGKILL'))
    await assert.rejects(
      startSentinel([...EMPTY, '--data-dir', one]),
      /Another Sentinel \(process \d+\) runs on .*--data-dir and --port/,
    )
    const add =
      'mutation { addCamera(input: { name: "Kept", source: "rtsp://127.0.0.1:9/x", enabled: false }) { errors { message } } }'
    assert.deepEqual((await ask(first, add)).data.addCamera.errors, [])
    assert.equal(await first.stop(), 0)
    const again = await startSentinel([...EMPTY, '--data-dir', one])
    defer(t, () => again.stop('SIGKILL'))
    const { data } = await ask(again, '{ cameras { edges { node { name } } } }')
    assert.equal(data.cameras.edges[0].node.name, 'Kept')
    assert.equal(again.token, first.token)
    await again.stop()
    await other.stop()
  })

  test('a port that is taken is named, with the flag that chooses another', async (t) => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    defer(t, () => server.close())
    const { port } = server.address() as { port: number }
    const refused = startSentinel(['--port', `${port}`, '--data-dir', await workplace(t)])
    await assert.rejects(refused, new RegExp(`Port ${port} .* in use.*--port`))
  })

  test('settings that cannot be are all named at once', async (t) => {
    const refused = startSentinel(['--port', 'abc', '--fps', '500', '--data-dir', await workplace(t)])
    await assert.rejects(
      refused,
      ({ message }: Error) => message.includes('SENTINEL_PORT="abc"') && message.includes('SENTINEL_FPS="500"'),
    )
  })

  test('a model that is none and a cameras file that is not there are told before anything runs', async (t) => {
    const folder = await workplace(t)
    await writeFile(join(folder, 'm.onnx'), 'nonsense')
    const data = ['--port', '0', '--data-dir', join(folder, 'data')]
    await assert.rejects(
      startSentinel([...data, '--cameras', 'none', '--model', join(folder, 'm.onnx')]),
      /not an ONNX model/,
    )
    await assert.rejects(
      startSentinel([...data, '--model', 'none', '--cameras', join(folder, 'none.json')]),
      /Cannot read --cameras/,
    )
  })
})
