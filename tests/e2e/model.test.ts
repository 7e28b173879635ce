import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { JpegEncoder, pixelBytes } from '../../platform/adapters/pictures/codec.ts'
import { digestOf } from '../../platform/models/store.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { layoutOnnx } from '../support/layouts.ts'
import { ask, startSentinel } from '../support/sentinel.ts'
import { tinyOnnx } from '../support/tiny-onnx.ts'

const MODEL = layoutOnnx({ layout: 'transposed' })
const DIGEST = digestOf(MODEL)
const ONE_PIXEL = new JpegEncoder().encode({ width: 1, height: 1, data: new SharedArrayBuffer(pixelBytes(1, 1)) })

async function workplace(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-model-e2e-'))
  defer(t, () => rm(folder, { recursive: true, force: true }))
  const write = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    await writeFile(join(folder, name), bytes)
    return join(folder, name)
  }
  return { folder, data: join(folder, 'data'), write, file: await write('corner.onnx', MODEL) }
}

const MODELS = '{ models { edges { node { digest name family classes } } } }'

describe('sentinel model', () => {
  test('a model that was added while nothing runs is known, listed, and detects by its digest', async (t) => {
    const { data, file } = await workplace(t)
    const dir = ['--data-dir', data]
    const added = await runCli(['model', 'add', file, '--sha256', DIGEST, '--name', 'Corner', '--json', ...dir])
    assert.equal(added.code, 0, added.stderr)
    assert.equal(JSON.parse(added.stdout).digest, DIGEST)
    const [listed] = JSON.parse((await runCli(['model', 'list', '--json', ...dir])).stdout)
    assert.deepEqual([listed.digest, listed.name, listed.family], [DIGEST, 'Corner', 'yolov8'])

    const sentinel = await startSentinel(['--port', '0', '--cameras', 'none', ...dir, '--model', DIGEST.slice(0, 12)])
    defer(t, () => sentinel.stop())
    const { data: seen } = await ask(sentinel, MODELS)
    const classes = ['first', 'second', 'third']
    const node = { digest: DIGEST, name: 'Corner', family: 'yolov8', classes }
    assert.deepEqual(seen.models.edges, [{ node }])
    const { data: state } = await ask(sentinel, '{ health { parts { name state } } }')
    assert.equal(state.health.parts.find(({ name }: { name: string }) => name === 'model').state, 'READY')
  })

  test('one that is added while Sentinel runs is known to it, with what was said of it', async (t) => {
    const { data, file, write } = await workplace(t)
    const sentinel = await startSentinel(['--port', '0', '--cameras', 'none', '--model', 'none', '--data-dir', data])
    defer(t, () => sentinel.stop())
    const names = await write('x.names', 'car\nbus\ntruck\n')
    const added = await runCli(['model', 'add', file, '--names', names, '--data-dir', data])
    assert.equal(added.code, 0, added.stderr)
    const { data: seen } = await ask(sentinel, MODELS)
    assert.deepEqual(seen.models.edges[0].node.classes, ['car', 'bus', 'truck'])
    const inspected = await runCli(['model', 'inspect', DIGEST.slice(0, 8), '--json', '--data-dir', data])
    assert.deepEqual(JSON.parse(inspected.stdout).classes, ['car', 'bus', 'truck'])
  })

  test('one on a server is fetched, also behind a redirect, and never from a metadata service', async (t) => {
    const { data } = await workplace(t)
    const server = createServer((request, response) => {
      if (request.url === '/moved') return void response.writeHead(302, { location: '/corner.onnx' }).end()
      if (request.url === '/inside') return void response.writeHead(302, { location: 'http://169.254.169.254/a' }).end()
      if (request.url === '/cut')
        return void response.writeHead(200, { 'content-length': '99999' }).end(MODEL, () => response.destroy())
      if (request.url === '/huge')
        return void response.writeHead(200, { 'content-length': '9999999999' }).flushHeaders()
      response.writeHead(request.url === '/corner.onnx' ? 200 : 404).end(MODEL)
    }).listen(0, '127.0.0.1')
    defer(t, () => server.close())
    await once(server, 'listening')
    const from = (path: string, ...more: string[]) => {
      const url = `http://me:hunter2@127.0.0.1:${(server.address() as AddressInfo).port}${path}`
      return runCli(['model', 'add', url, '--data-dir', data, ...more])
    }
    assert.equal((await from('/moved')).code, 0)
    const refused: [string, RegExp][] = [
      ['/inside', /metadata service/],
      ['/cut', /Cannot fetch the model: .*Check the URL/],
      ['/huge', /larger than 1024 MiB/],
      ['/none', /answered 404/],
    ]
    for (const [path, reason] of refused) {
      const { code, stderr } = await from(path)
      assert.match(stderr, reason)
      assert.doesNotMatch(stderr, /hunter2/)
      assert.equal(code, 1)
    }
    const changed = await from('/corner.onnx', '--sha256', 'a'.repeat(64))
    assert.match(changed.stderr, new RegExp(`is ${DIGEST}, not a+`))
  })

  test('what cannot be used says what is wrong and what to do, with exit code 1', async (t) => {
    const { write, data, file } = await workplace(t)
    const classifier = tinyOnnx({
      input: [1, 3, 8, 8],
      output: [1, 3],
      nodes: [
        { operator: 'ReduceMean', inputs: ['images'], output: 'output', attributes: { axes: [2, 3], keepdims: 0 } },
      ],
    })
    const huge = Buffer.from(ONE_PIXEL)
    huge.writeUInt32BE((20_000 << 16) | 20_000, huge.indexOf(Buffer.from([0xff, 0xc0])) + 5)
    const refused: [string[], RegExp][] = [
      [[await write('cut.onnx', MODEL.subarray(0, 2000))], /cut off after 2000 bytes\. Copy or download it again/],
      [[await write('text.onnx', 'no model')], /not an ONNX model/],
      [[await write('kinds.onnx', classifier)], /\[1, 3\].*looks like a classifier: export a detector/],
      [[file, '--names', await write('two.names', 'car\nbus\n')], /has 3 classes, but there are 2 names/],
      [[file, '--side', await write('bad.json', '{"colors":"rgb"}')], /It may say: name, family/],
      [[file, '--picture', await write('huge.jpg', huge)], /20000×20000/],
      [[file, '--picture', await write('text.jpg', 'no picture')], /JPEG/],
      [[join(data, 'none.onnx')], /Cannot read the model.*Check the path/],
    ]
    for (const [args, reason] of refused) {
      const { code, stderr } = await runCli(['model', 'add', ...args, '--data-dir', data])
      assert.match(stderr, reason)
      assert.equal(code, 1)
    }
    const unknown = await runCli(['model', 'inspect', '0'.repeat(64), '--data-dir', data])
    assert.match(unknown.stderr, /There is no model 0+\. sentinel model list/)
    const smallest = await runCli([
      'model',
      'add',
      file,
      '--picture',
      await write('one.jpg', ONE_PIXEL),
      '--data-dir',
      data,
    ])
    assert.equal(smallest.code, 0, smallest.stderr)
    assert.match(smallest.stderr, /Ran on cpu/)
  })
})
