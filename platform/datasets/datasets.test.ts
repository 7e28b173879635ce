import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { digestOf, greyJpeg, labelled } from '../../tests/support/annotations.ts'
import { runCli } from '../../tests/support/cli.ts'
import { defer } from '../../tests/support/defer.ts'
import { FileObjects } from '../adapters/objects-files.ts'
import { Pictures } from '../adapters/pictures/pictures.ts'
import { root } from '../paths.ts'
import { buildDataset, type Certified } from './build.ts'
import { canonicalJson } from './canonical.ts'
import { differenceOf, problemsIn } from './compare.ts'
import { imageKey } from './keys.ts'
import { type Manifest, manifestOf, opened, sealed } from './manifest.ts'
import { insidePicture } from './shares.ts'
import { SPLIT_RULES, sideOf } from './split.ts'
import { baseDataset, readDataset, storeDataset, storeImage } from './store.ts'

const START = Date.parse('2026-06-01T08:00:00Z') * 1000
const CLASSES = ['car', 'bus']

const certified = (id: string, seconds = 0, cameraId = 'cam-1'): Certified => ({
  verdictId: `v-${id}`,
  cameraId,
  capturedAt: START + (900 + seconds) * 1e6,
  width: 64,
  height: 36,
  light: 'day',
  image: createHash('sha256').update(id).digest('hex'),
  boxes: [{ ...labelled(0.1), trackId: 't' }, labelled(0.6, 'bus')],
})

describe('a version', () => {
  test('has one text, and its digest is that of its bytes', () => {
    const value = { b: [1, 1e21, 0.1, { z: null, a: 'é"\n' }], a: undefined, A: true }
    assert.equal(canonicalJson(value), '{"A":true,"b":[1,1e+21,0.1,{"a":"é\\"\\n","z":null}]}')
    const manifest = buildDataset({ classes: CLASSES, annotations: [certified('1'), certified('2', 5)] })
    const { digest, bytes } = sealed(manifest)
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest)
    assert.deepEqual(opened(digest, bytes), manifest)
    assert.throws(() => opened(digest, Buffer.from(`${bytes} `)), { code: 'DATASET_INVALID' })
  })

  test('is the same in whatever order its annotations come', () => {
    const annotations = Array.from({ length: 8 }, (_, i) => certified(String(i), i * 700))
    const digests = [annotations, annotations.toReversed()].map(
      (all) => sealed(buildDataset({ classes: CLASSES, annotations: all })).digest,
    )
    assert.equal(digests[0], digests[1])
  })

  test('of a single picture has it to learn from, wherever it would lie', () => {
    for (let block = 0; block < 20; block++) {
      const { entries } = buildDataset({ classes: CLASSES, annotations: [certified('1', block * 1800 - 900)] })
      assert.deepEqual(
        entries.map(({ split }) => split),
        ['train'],
      )
    }
  })

  test('has some of what was known before mixed in, the same in every version', () => {
    const before = Array.from({ length: 120 }, (_, i) => certified(`base-${i}`, i * 3600))
    const base = buildDataset({ classes: CLASSES, annotations: before })
    const [one, two] = [1, 40].map((count) => {
      const annotations = Array.from({ length: count }, (_, i) => certified(`new-${i}`, i * 3600))
      return buildDataset({ classes: CLASSES, annotations, base }).entries.filter(({ role }) => role === 'base')
    })
    assert.equal(one!.filter(({ split }) => split === 'train').length, 48)
    assert.deepEqual(one, two)
  })
})

test('two pictures of one camera on different sides are never near copies', () => {
  const seconds = fc.double({ min: 0, max: 1e6, noNaN: true })
  const property = fc.property(
    fc.string(),
    seconds,
    fc.double({ min: 0, max: 59.9, noNaN: true }),
    (camera, at, gap) => {
      const [a, b] = [at, at + gap].map((second) => sideOf(camera, START + second * 1e6, SPLIT_RULES))
      assert.ok(a === undefined || b === undefined || a === b)
    },
  )
  fc.assert(property, { numRuns: 2000 })
  const sides = Array.from({ length: 2000 }, (_, i) => sideOf('cam', START + i * 1800e6 + 900e6, SPLIT_RULES))
  const share = sides.filter((side) => side === 'val').length / sides.length
  assert.ok(Math.abs(share - SPLIT_RULES.valShare) < 0.04, `${share} for judging`)
})

test('boxes of pixels become shares of the picture, cut off at its edges', () => {
  const size = { width: 200, height: 100 }
  assert.deepEqual(insidePicture([20, 10, 60, 30], size), [0.1, 0.1, 0.3, 0.3])
  assert.deepEqual(rounded(insidePicture([-20, 90, 60, 30], size)), [0, 0.9, 0.2, 0.1])
  assert.equal(insidePicture([210, 10, 60, 30], size), undefined)
})

/** An object store with a version of three pictures of which two are to learn from. */
async function world(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-datasets-'))
  defer(t, () => rm(directory, { recursive: true }))
  const pictures = new Pictures()
  defer(t, () => pictures.close())
  const objects = new FileObjects(join(directory, 'objects'))
  const images: string[] = []
  for (const mark of [50, 120, 200]) images.push(await storeImage(objects, await greyJpeg(pictures, 100, mark)))
  const entries = buildDataset({
    classes: CLASSES,
    annotations: images.map((image, i) => ({ ...certified(String(i), i * 86_400), image })),
  }).entries.map((entry) => ({ ...entry, split: entry.image === images[2] ? ('val' as const) : ('train' as const) }))
  const manifest = manifestOf(CLASSES, entries)
  const digest = await storeDataset(objects, manifest)
  const dataset = (...args: string[]) => runCli(['dataset', ...args, '--data-dir', directory])
  return { directory, objects, images, manifest, digest, dataset }
}

test('what changed is told, and damage is found', async (t) => {
  const { objects, manifest, images } = await world(t)
  const [first, ...rest] = manifest.entries
  const later: Manifest = manifestOf(CLASSES, [{ ...first!, boxes: [] }, ...rest.slice(1)])
  const { added, removed, changed } = differenceOf(manifest, later)
  assert.deepEqual([added.length, removed.length, changed[0]!.to.boxes], [0, 1, []])
  assert.deepEqual(await problemsIn(objects, manifest), [])
  await objects.put('sentinel-datasets', imageKey(images[0]!), Buffer.from('other'))
  await objects.delete('sentinel-datasets', imageKey(images[1]!))
  const near = manifest.entries.map((entry, i) => ({ ...entry, capturedAt: START + i * 1e6 }))
  const problems = await problemsIn(objects, { ...manifest, classes: ['car'], entries: near })
  for (const expected of [/“bus”/, /only 1\.0 s apart/, /damaged/, /is gone/])
    assert.ok(
      problems.some((each) => expected.test(each)),
      String(expected),
    )
})

describe('sentinel dataset', () => {
  for (const format of ['coco', 'yolo']) {
    test(`what is exported as ${format} comes back as it was`, async (t) => {
      const { directory, objects, manifest, digest, dataset } = await world(t)
      const out = join(directory, 'out')
      const exported = await dataset('export', digest.slice(0, 10), out, '--format', format)
      assert.equal(exported.code, 0, exported.stderr)
      const labels = format === 'coco' ? join(out, 'images/train/labels.json') : out
      const sides = format === 'coco' ? ['train'] : ['train', 'val']
      const imported = await dataset('import', labels, '--base', '--json')
      assert.equal(imported.code, 0, imported.stderr)
      const read = await readDataset(objects, JSON.parse(imported.stdout).digest)
      assert.deepEqual(await baseDataset(objects), read)
      const expected = manifest.entries.filter(({ split }) => sides.includes(split))
      const plain = (all: typeof read.entries) =>
        all.map(({ image, width, height, boxes }) => [image, width, height, boxes])
      assert.deepEqual(rounded(plain(read.entries)), rounded(plain(expected)))
      assert.match((await dataset('export', digest, out)).stderr, /is not empty/)
    })
  }

  test('lists, shows, compares and verifies', async (t) => {
    const { directory, digest, objects, images, manifest, dataset } = await world(t)
    const other = await storeDataset(objects, manifestOf(CLASSES, manifest.entries.slice(1)))
    const listed = JSON.parse((await dataset('list', '--json')).stdout)
    assert.deepEqual(new Set(listed.map((each: { digest: string }) => each.digest)), new Set([digest, other]))
    assert.match((await dataset('show', digest)).stdout, /2 pictures to learn from, 1 to judge by[\s\S]*bus +2 +1/)
    assert.match((await dataset('diff', digest, other)).stderr, /0 came, 1 went, 0 changed/)
    assert.equal((await dataset('verify', digest)).code, 0)
    await writeFile(join(directory, 'objects/sentinel-datasets', imageKey(images[0]!)), 'x')
    const { code, stdout } = await dataset('verify', digest, '--json')
    assert.deepEqual([code, JSON.parse(stdout).problems.length], [1, 1])
    assert.match((await dataset('show', 'ffffffffff')).stderr, /There is no dataset/)
  })

  test('of a damaged store it says what is wrong, exports nothing by halves, and shows what is whole', async (t) => {
    const { directory, objects, images, manifest, digest, dataset } = await world(t)
    const other = await storeDataset(objects, manifestOf(CLASSES, manifest.entries.slice(1)))
    const stored = join(directory, 'objects/sentinel-datasets')
    await writeFile(join(stored, `versions/${other}.json`), '{}')
    await writeFile(join(stored, imageKey(images[1]!)), 'x')
    const out = join(directory, 'out')
    const exported = await dataset('export', digest, out)
    assert.match(exported.stderr, new RegExp(`Nothing is exported\\. The picture ${images[1]} .*damaged\\. Restore it`))
    assert.deepEqual([exported.code, existsSync(out)], [1, false])
    for (const args of [
      ['diff', digest, other],
      ['verify', other],
    ]) {
      const { code, stderr } = await dataset(...args)
      assert.match(stderr, new RegExp(`dataset ${other} is damaged.* Restore it from a backup`))
      assert.equal(code, 1)
    }
    const { code, stdout } = await dataset('list', '--json')
    const whole = JSON.parse(stdout).filter((each: { problem?: string }) => !each.problem)
    assert.deepEqual([code, whole.map((each: { digest: string }) => each.digest)], [1, [digest]])
  })
})

describe('what other tools export is imported', () => {
  test('every side of it, and changed copies of one picture stay on one side', async (t) => {
    const { objects, dataset } = await world(t)
    const folder = join(root, 'tests', 'exports', 'roboflow-yolo')
    const { stdout } = await dataset('import', folder, '--json')
    const { digest, pictures, problems } = JSON.parse(stdout)
    assert.deepEqual([pictures, problems], [3, []])
    const { entries } = await readDataset(objects, digest)
    const boxes = Array(3).fill([{ class: 'car', box: [0.1, 0.1, 0.2, 0.2] }])
    assert.deepEqual(rounded(entries.map((entry) => entry.boxes)), boxes)
    const copies = join(folder, 'train', 'images')
    const digests = (await readdir(copies)).map((name) => digestOf(readFileSync(join(copies, name))))
    const sides = entries.filter(({ image }) => digests.includes(image)).map(({ split }) => split)
    assert.deepEqual([sides.length, new Set(sides).size], [2, 1])
  })
})

/** To a millionth: formats write so many digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === 'number' ? Math.round(each * 1e6) / 1e6 : each)),
  )
}
