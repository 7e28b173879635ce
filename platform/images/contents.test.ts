import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { root } from '../paths.ts'
import { images } from './contents.ts'

test('an image that has a model has what its description names too', async () => {
  const described = Object.values(images).flatMap(({ files }) =>
    files.filter((file) => file.endsWith('/model.json')).map((file) => ({ file, files: files as readonly string[] })),
  )
  assert.equal(described.length, 1)
  for (const { file, files } of described) {
    const { card } = JSON.parse(await readFile(join(root, file), 'utf8')) as { card: string }
    assert.ok(files.includes(join(dirname(file), card)), `${card} is missing`)
  }
})
