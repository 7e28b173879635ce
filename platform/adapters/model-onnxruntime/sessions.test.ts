import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { sharedFile } from '../../../tests/support/shared.ts'
import { tinyOnnx } from '../../../tests/support/tiny-onnx.ts'
import { describeModel, type Told } from '../../models/describe.ts'
import { readOnnx } from '../../models/onnx.ts'
import { Sessions } from './sessions.ts'

const WIDE = { width: 1280, height: 720 }
const yolox = sharedFile('models/yolox_nano.onnx')

async function sessionsOf(file: string, told: Told): Promise<Sessions> {
  return Sessions.open(file, describeModel(file, readOnnx(await readFile(file)), told), 'cpu')
}

/** A detector of 128×128 whose boxes are a constant, one a grid cell, whatever the picture. */
const baked = tinyOnnx({
  input: [1, 3, 128, 128],
  output: [1, 336, 7],
  nodes: [
    { operator: 'ReduceMean', inputs: ['images'], output: 'mean', attributes: { axes: [1, 2, 3], keepdims: 0 } },
    { operator: 'Mul', inputs: ['boxes', 'mean'], output: 'output' },
  ],
  constants: { boxes: { dimensions: [1, 336, 7], values: new Float32Array(336 * 7) } },
})

async function written(t: TestContext, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-sessions-'))
  defer(t, () => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'm.onnx'), bytes)
  return join(folder, 'm.onnx')
}

describe('a model that declares one input size', () => {
  const names = Array.from({ length: 80 }, (_, index) => `class ${index}`)

  test('runs at the rectangle that just holds a wide picture', { skip: yolox.skip }, async () => {
    const sessions = await sessionsOf(yolox.path, { names })
    assert.deepEqual((await sessions.fit(WIDE)).input, { width: 416, height: 256 })
    assert.deepEqual((await sessions.fit({ width: 500, height: 500 })).input, { width: 416, height: 416 })
    assert.equal(sessions.whyOnlyDeclared, undefined)
  })

  test('opens no more sessions than a few, however many shapes the pictures have', { skip: yolox.skip }, async () => {
    const sessions = await sessionsOf(yolox.path, { names })
    const heights = [40, 100, 160, 190, 220, 250, 280]
    const fitted = await Promise.all(heights.map((height) => sessions.fit({ width: 416, height })))
    assert.ok(new Set(fitted.map(({ session }) => session)).size <= 5)
    assert.deepEqual(fitted.at(-1)!.input, { width: 416, height: 416 })
  })

  test('runs as it is where its side file asks for it', { skip: yolox.skip }, async () => {
    const sessions = await sessionsOf(yolox.path, { names, side: { rectangular: false } })
    assert.deepEqual((await sessions.fit(WIDE)).input, { width: 416, height: 416 })
  })

  test('runs as it is where that size is baked in, and says so', async (t) => {
    const sessions = await sessionsOf(await written(t, baked), { names: ['car', 'bus'] })
    assert.deepEqual((await sessions.fit(WIDE)).input, { width: 128, height: 128 })
    assert.match(sessions.whyOnlyDeclared!, /at 128×96 its output has the shape \[1, 336, 7\]/)
  })
})
