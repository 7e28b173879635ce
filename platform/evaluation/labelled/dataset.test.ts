import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { defer } from '../../../tests/support/defer.ts'
import { parseDataYaml } from './data-yaml.ts'
import { type Dataset, openDataset } from './dataset.ts'

const SIZE = { width: 200, height: 100 }

async function folderWith(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-dataset-'))
  defer(t, () => rm(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

/** File names without the folder, and what is in each. */
function contents({ pictures }: Dataset, folder: string) {
  return pictures.map(({ file, truth, groups }) => [file.slice(folder.length + 1), truth(SIZE), groups])
}

const refused = (path: string, message: RegExp) => assert.rejects(openDataset(path), { code: 'INPUT_INVALID', message })

describe('the city writes a line a picture', () => {
  const line = { image: 'a.jpg', width: 200, height: 100, mood: 'day', seed: 1, camera: 'v1' }

  test('with boxes in pixels and how much of each can be seen', async (t) => {
    const boxes = [{ class: 'car', id: '7', box: [1, 2, 3, 4], visibility: 0.5 }]
    const folder = await folderWith(t, { 'labels.jsonl': `${JSON.stringify({ ...line, boxes })}\n\n` })
    const dataset = await openDataset(folder)
    assert.deepEqual([dataset.format, dataset.classes], ['city', ['car']])
    const truth = [{ class: 'car', box: [1, 2, 3, 4], visibility: 0.5 }]
    assert.deepEqual(contents(dataset, folder), [['images/a.jpg', truth, { mood: 'day', camera: 'v1' }]])
  })

  test('a line that cannot be read is named by its number', async (t) => {
    const good = JSON.stringify({ ...line, boxes: [] })
    await refused(
      await folderWith(t, { 'labels.jsonl': `${good}\n{"image":` }),
      /labels\.jsonl:2 is no labelled picture/,
    )
  })
})

describe('COCO', () => {
  const coco = {
    images: [
      { id: 1, file_name: 'a.jpg' },
      { id: 2, file_name: 'b.jpg' },
    ],
    categories: [{ id: 3, name: 'car' }],
    annotations: [
      { id: 1, image_id: 2, category_id: 3, bbox: [1, 2, 3, 4], area: 9, iscrowd: 0 },
      { id: 2, image_id: 2, category_id: 3, bbox: [5, 6, 7, 8], iscrowd: 1 },
    ],
  }

  test('pictures are found where the common layouts have them', async (t) => {
    const text = JSON.stringify(coco)
    for (const [labels, picture] of [
      ['labels.json', 'a.jpg'],
      ['labels.json', 'images/a.jpg'],
      ['annotations/instances_val2017.json', 'val2017/a.jpg'],
    ] as const) {
      const folder = await folderWith(t, { [labels]: text, [picture]: '' })
      const dataset = await openDataset(join(folder, labels))
      assert.equal(dataset.pictures[0]!.file, join(folder, picture))
      const truth = [
        { class: 'car', box: [1, 2, 3, 4], area: 9 },
        { class: 'car', box: [5, 6, 7, 8], isCrowd: true },
      ]
      assert.deepEqual(
        dataset.pictures.map((each) => each.truth(SIZE)),
        [[], truth],
      )
    }
  })

  test('what is wrong is told: pictures elsewhere, another JSON, an unknown category', async (t) => {
    const write = async (content: object): Promise<string> =>
      join(await folderWith(t, { 'x.json': JSON.stringify(content) }), 'x.json')
    await refused(await write(coco), /--images FOLDER/)
    await refused(await write({ a: 1 }), /no COCO data set.*images/s)
    await refused(await write({ ...coco, images: [], categories: [] }), /category 3, which is not listed/)
    await refused(await write({ ...coco, images: [], annotations: [] }), /no labelled pictures/)
  })
})

describe('YOLO', () => {
  const row = '1 0.5 0.5 0.1 0.2\n'
  const files = { 'images/val/a.jpg': '', 'images/val/b.jpeg': '', 'labels/val/a.txt': row }
  const truth = [{ class: 'bus', box: [90, 40, 20, 20] }]

  test('its data.yaml tells names and place; a picture without labels has nothing in it', async (t) => {
    const folder = await folderWith(t, {
      ...files,
      'data.yaml': 'path: .\nval: images/val\nnames:\n  0: car\n  1: bus\n',
    })
    for (const path of [folder, join(folder, 'data.yaml')]) {
      const dataset = await openDataset(path)
      assert.deepEqual([dataset.format, dataset.classes], ['yolo', ['car', 'bus']])
      const rounded = contents(dataset, folder).map(([file, boxes]) => [file, JSON.parse(JSON.stringify(boxes, round))])
      assert.deepEqual(rounded, [
        ['images/val/a.jpg', truth],
        ['images/val/b.jpeg', []],
      ])
    }
  })

  test('a file of names does where there is no data.yaml', async (t) => {
    const folder = await folderWith(t, { ...files, 'classes.txt': 'car\nbus\n' })
    assert.equal((await openDataset(folder)).pictures.length, 2)
  })

  test('names are read as people and programs write them', () => {
    for (const names of [
      "names: ['car', bus] # two",
      'names:\n- car\n- "bus"',
      'names:\n  0: car\n  1: bus\nnc: 2',
      'names: {0: car, 1: bus}',
      'names: [\n  car,\n  bus,\n]',
    ]) {
      assert.deepEqual(parseDataYaml(`train: a\n${names}\n`, 'd').names, ['car', 'bus'], names)
    }
  })

  test('what is wrong is told', async (t) => {
    await refused(
      await folderWith(t, { 'a.jpg': '' }),
      /no labels\.jsonl, no data\.yaml, no file of class names .* and no COCO JSON file/,
    )
    await refused(await folderWith(t, { 'data.yaml': 'val: images' }), /names no classes/)
    await refused(await folderWith(t, { 'data.yaml': 'val: nowhere\nnames: [a]' }), /The pictures are not in .*nowhere/)
    await refused(await folderWith(t, { ...files, 'classes.txt': 'car' }), /a\.txt:1 cannot be read/)
    await refused('/nowhere/at/all', /Cannot read the data set/)
    await refused(join(await folderWith(t, files), 'images/val/a.jpg'), /is no data set. Give/)
  })
})

function round(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value
}
