import assert from 'node:assert/strict'
import { basename } from 'node:path'
import { test } from 'node:test'
import { type NativePackage, nativeFiles } from './natives.ts'
import { librariesOf, runtimeFiles } from './runtime.ts'

const skip = process.platform !== 'linux' && 'images hold the programs of the machine, which must be Linux'

for (const name of ['node-av', 'onnxruntime-node'] satisfies NativePackage[]) {
  test(`an image with ${name} has every library of the system that it loads`, { skip }, async () => {
    const files = [...(await runtimeFiles()), ...(await nativeFiles(name, process.arch, 'app/node_modules'))]
    const there = new Set(files.map(({ path }) => basename(path)))
    const binaries = files.filter(({ path }) => /\.(node|so\.\d+)$/.test(path) && path.startsWith('app/'))
    assert.ok(binaries.length > 0)
    for (const { path, content } of binaries) {
      const loaded = await librariesOf((content as { readonly file: string }).file)
      assert.deepEqual(
        loaded.map((library) => basename(library)).filter((library) => !there.has(library)),
        [],
        path,
      )
    }
  })
}
