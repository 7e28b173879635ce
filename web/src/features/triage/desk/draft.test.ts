import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { add, chooseBy, chosenOf, classify, draftOf, move, place, remove, resize, SMALLEST } from './draft.ts'

const box = (score: number, more = {}) => ({
  class: 'car',
  score,
  trackId: null,
  x: 0.1,
  y: 0.1,
  width: 0.2,
  height: 0.2,
  ...more,
})
const draft = draftOf({ boxes: [box(0.9), box(0.3), box(0.8)] })

describe('the boxes of an item under review', () => {
  test('the doubtful box is chosen, and looking changes nothing', () => {
    assert.equal(draft.chosen, 1)
    assert.equal(chooseBy(chooseBy(draft, 1), 1).chosen, 0)
    assert.equal(chooseBy(draft, -1).isEdited, false)
  })

  test('a box stays in the picture and keeps a size, whatever the keys do', () => {
    const away = move(move(draft, -5, 0), 0, 5)
    assert.deepEqual([chosenOf(away)!.x, chosenOf(away)!.y], [0, 0.8])
    const grown = resize(away, 9, 9)
    assert.ok(Math.abs(chosenOf(grown)!.width - 1) < 1e-9 && Math.abs(chosenOf(grown)!.height - 0.2) < 1e-9)
    assert.equal(chosenOf(resize(draft, -9, -9))!.width, SMALLEST)
    const dragged = chosenOf(place(draft, { x: -0.2, y: 0.9, width: 0.5, height: 0.5 }))!
    assert.ok(dragged.x === 0 && Math.abs(dragged.width - 0.3) < 1e-9 && Math.abs(dragged.height - 0.1) < 1e-9)
  })

  test('what a person has touched has no score of the model any more', () => {
    assert.equal(chosenOf(classify(draft, 'bus'))!.score, null)
    assert.equal(classify(draft, 'car').isEdited, false)
  })

  test('a box that is added is chosen, one that is removed makes room for its neighbour', () => {
    const more = add(draft, { x: 0.5, y: 0.5, width: 0.1, height: 0.1 }, 'bus')
    assert.equal(chosenOf(more)!.class, 'bus')
    const less = remove(remove(more))
    assert.deepEqual([less.boxes.map(({ id }) => id), less.chosen], [[0, 1], 1])
    assert.equal(remove(remove(less)).chosen, undefined)
    assert.equal(move(remove(remove(less)), 1, 1).boxes.length, 0)
  })
})
