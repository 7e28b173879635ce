import assert from 'node:assert/strict'
import { test } from 'node:test'
import { familyTree } from './family-tree.ts'

const model = (id: string, parent?: string, day = 1) => ({
  id,
  registeredAt: `2026-06-0${day}T00:00:00Z`,
  lineage: parent === undefined ? null : { parent: { id: parent, name: parent } },
})

test('each model stands under the one that it learnt from, the older of two children first', () => {
  const tree = familyTree([
    model('late', 'base', 3),
    model('early', 'base', 2),
    model('base'),
    model('grand', 'late', 4),
  ])
  assert.deepEqual(
    tree.map(({ id, depth, isLast }) => [id, depth, isLast]),
    [
      ['base', 0, true],
      ['early', 1, false],
      ['late', 1, true],
      ['grand', 2, true],
    ],
  )
})

test('a parent that is gone keeps its place above its children', () => {
  const [gone, child, other] = familyTree([model('child', 'gone'), model('other')])
  assert.deepEqual([gone!.id, gone!.model, child!.id, child!.depth], ['gone', undefined, 'child', 1])
  assert.deepEqual([other!.id, other!.depth], ['other', 0])
})
