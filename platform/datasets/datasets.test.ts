import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { digestOf, greyJpeg, labelled } from '../../tests/support/annotations.ts'
import { runCli } from '../../tests/support/cli.ts'
import { defer } from '../../tests/support/defer.ts'
import { FileObjects } from '../adapters/objects-files.ts'
import { Pictures } from '../adapters/pictures/pictures.ts'
import { openDataset } from '../evaluation/labelled/dataset.ts'
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
    const before = Array.from({ length: 60 }, (_, i) => certified(`base-${i}`, i * 3600))
    const base = buildDataset({ classes: CLASSES, annotations: before })
    const [one, two] = [1, 40].map((count) => {
      const annotations = Array.from({ length: count }, (_, i) => certified(`new-${i}`, i * 3600))
      return buildDataset({ classes: CLASSES, annotations, base }).entries.filter(({ role }) => role === 'base')
    })
    assert.equal(one!.filter(({ split }) => split === 'train').length, 24)
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
      const side = format === 'coco' ? 'train' : 'val'
      const imported = await dataset('import', labels, '--base', '--json')
      assert.equal(imported.code, 0, imported.stderr)
      const read = await readDataset(objects, JSON.parse(imported.stdout).digest)
      assert.deepEqual(await baseDataset(objects), read)
      const expected = manifest.entries.filter(({ split }) => split === side)
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
})

describe('what other tools export loads', () => {
  const image = { id: 7, width: 64, height: 36 }
  const box = { id: 1, image_id: 7, bbox: [6.4, 3.6, 12.8, 7.2], area: 92.16, iscrowd: 0 }
  const shapes: [string, string, object][] = [
    [
      'CVAT',
      'annotations/instances_default.json',
      {
        licenses: [{ name: '', id: 0, url: '' }],
        info: { contributor: '', date_created: '' },
        categories: [{ id: 1, name: 'car', supercategory: '' }],
        images: [{ ...image, file_name: 'a.jpg', license: 0, flickr_url: '', coco_url: '', date_captured: 0 }],
        annotations: [{ ...box, category_id: 1, segmentation: [], attributes: { occluded: false, rotation: 0.0 } }],
      },
    ],
    [
      'Label Studio',
      'result.json',
      {
        images: [{ ...image, file_name: 'images/a.jpg' }],
        categories: [{ id: 0, name: 'car' }],
        annotations: [{ ...box, id: 0, category_id: 0, segmentation: [], ignore: 0 }],
        info: { year: 2026, version: '1.0', contributor: 'Label Studio' },
      },
    ],
    [
      'Roboflow',
      'train/_annotations.coco.json',
      {
        info: { year: '2026' },
        licenses: [{ id: 1, url: '', name: 'CC BY 4.0' }],
        categories: [
          { id: 0, name: 'vehicles', supercategory: 'none' },
          { id: 1, name: 'car', supercategory: 'vehicles' },
        ],
        images: [{ ...image, license: 1, file_name: 'a.jpg', date_captured: '2026-06-01T00:00:00+00:00' }],
        annotations: [{ ...box, category_id: 1, segmentation: [] }],
      },
    ],
  ]
  const places: Record<string, string> = { CVAT: 'images', 'Label Studio': 'images', Roboflow: 'train' }
  for (const [tool, file, content] of shapes) {
    test(tool, async (t) => {
      const { directory, objects, images, dataset } = await world(t)
      const jpeg = (await objects.get('sentinel-datasets', imageKey(images[0]!)))!
      const from = new FileObjects(join(directory, 'from'))
      await from.put('sentinel-clips', file, Buffer.from(JSON.stringify(content)))
      await from.put('sentinel-clips', `${places[tool]}/a.jpg`, jpeg)
      const path = join(directory, 'from/sentinel-clips', file)
      assert.equal((await openDataset(path)).pictures.length, 1)
      const { stdout, stderr } = await dataset('import', path, '--json')
      const read = await readDataset(objects, JSON.parse(stdout || stderr).digest)
      assert.deepEqual(rounded(read.entries.map((entry) => [entry.image, entry.boxes])), [
        [digestOf(jpeg), [{ class: 'car', box: [0.1, 0.1, 0.2, 0.2] }]],
      ])
    })
  }
})

/** To a millionth: formats write so many digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === 'number' ? Math.round(each * 1e6) / 1e6 : each)),
  )
}
