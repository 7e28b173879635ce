import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defer } from '../../tests/support/defer.ts'
import { smallDisk } from '../../tests/support/small-disk.ts'
import { objectsContract } from '../ports/objects.contract.ts'
import { FileObjects } from './objects-files.ts'

objectsContract('files', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  return new FileObjects(directory)
})

test('a store whose folder cannot be written is an outage that names the reason', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  const path = join(directory, 'objects')
  const objects = new FileObjects(path)
  await writeFile(path, 'a file is in its place')
  await assert.rejects(objects.check(), { code: 'OBJECTS_UNAVAILABLE', message: /EEXIST|ENOTDIR/ })
  await rm(path)
  await objects.check()
})

test('a full disk is an outage that says what to do; half an object is never left, and with room again all goes on', async (t) => {
  const directory = await smallDisk(t, 1 << 20)
  if (!directory) return
  const objects = await FileObjects.open(directory)
  await objects.put('sentinel-datasets', 'filler', Buffer.alloc(700_000))
  const full = { code: 'OBJECTS_UNAVAILABLE', message: /the disk is full\. Free space on it/ }
  await assert.rejects(objects.put('sentinel-models', 'a.onnx', Buffer.alloc(700_000)), full)
  await assert.rejects(objects.putIfAbsent('sentinel-models', 'a.onnx', Buffer.alloc(700_000)), full)
  assert.deepEqual(await readdir(join(directory, 'sentinel-models')), [])
  await objects.delete('sentinel-datasets', 'filler')
  assert.equal(await objects.putIfAbsent('sentinel-models', 'a.onnx', Buffer.alloc(700_000)), true)
})

test('what a killed writer left is removed at the start; what is being written, and objects, stay', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-objects-'))
  defer(t, () => rm(directory, { recursive: true }))
  const objects = await FileObjects.open(directory)
  await objects.put('sentinel-clips', 'a/b.jpg', Buffer.from('x'))
  const part = (hex: string): string => join(directory, 'sentinel-clips', 'a', `b.jpg.${hex}.part`)
  const [left, busy] = [part('0123456789ab'), part('ba9876543210')]
  for (const path of [left, busy, join(directory, 'sentinel-clips', 'a', 'b.part')]) await writeFile(path, 'half')
  const longAgo = new Date(Date.now() - 3_600_000)
  for (const path of [
    left,
    join(directory, 'sentinel-clips', 'a', 'b.part'),
    join(directory, 'sentinel-clips', 'a', 'b.jpg'),
  ])
    await utimes(path, longAgo, longAgo)
  await FileObjects.open(directory)
  const files = await readdir(join(directory, 'sentinel-clips', 'a'))
  assert.deepEqual(files.sort(), ['b.jpg', 'b.jpg.ba9876543210.part', 'b.part'])
})
