import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { assign, FORBIDDEN } from '../../../platform/assignment.ts'
import type { Box } from '../../../platform/events/frame.ts'
import { startTracker, step, type TrackerState } from './tracker.ts'

const options = { highScore: 0.5, newTrackScore: 0.6, lostSeconds: 1.5 }
const car = (x: number, y: number, score = 0.9, name = 'car'): Box => ({ class: name, score, box: [x, y, 0.1, 0.06] })

/** Plays frames of [time, boxes] and returns the ids of each frame. */
function play(frames: readonly (readonly [number, readonly Box[]])[]): (string | undefined)[][] {
  let state: TrackerState = startTracker('e')
  return frames.map(([time, boxes]) => {
    const next = step(state, boxes, time, options)
    state = next.state
    return next.boxes.map(({ trackId }) => trackId)
  })
}

describe('tracker', () => {
  test('an object has an id from its second frame on, and keeps it', () => {
    const ids = play([0, 1, 2, 3, 4].map((i) => [i / 5, [car(0.1 + i * 0.04, 0.5)]]))
    assert.deepEqual(ids, [[undefined], ['e-1'], ['e-1'], ['e-1'], ['e-1']])
  })

  test('a doubtful frame keeps the id, and a doubtful box alone begins none', () => {
    const scores = [0.9, 0.9, 0.2, 0.15, 0.9]
    const ids = play(scores.map((score, i) => [i / 5, [car(0.1 + i * 0.03, 0.5, score), car(0.7, 0.2, 0.3)]]))
    assert.deepEqual(ids, [[undefined], ['e-1'], ['e-1'], ['e-1'], ['e-1']])
  })

  test('a second behind a bridge keeps the id, at any rhythm of frames', () => {
    const times = [0, 0.2, 0.35, 0.6, 0.8, 1.9, 2.1, 2.2]
    const ids = play(times.map((time) => [time, [car(0.05 + time * 0.2, 0.5)]]))
    assert.deepEqual(ids.flat().slice(1), new Array(7).fill('e-1'))
  })

  test('after longer than that it is a new object', () => {
    const ids = play([0, 0.2, 0.4, 2.5, 2.7].map((time) => [time, [car(0.3, 0.5)]]))
    assert.deepEqual(ids.flat(), [undefined, 'e-1', 'e-1', undefined, 'e-2'])
  })

  test('two that cross keep their own ids', () => {
    const frames = Array.from({ length: 21 }, (_, i) => {
      const boxes = [car(0.1 + i * 0.03, 0.4 + i * 0.004), car(0.7 - i * 0.03, 0.48 - i * 0.004)]
      return [i / 5, i % 2 ? boxes : boxes.toReversed()] as const
    })
    const ids = play(frames)
    const ofFirst = ids.map((both, i) => both[i % 2 ? 0 : 1]).slice(1)
    const ofSecond = ids.map((both, i) => both[i % 2 ? 1 : 0]).slice(1)
    assert.equal(new Set(ofFirst).size, 1)
    assert.equal(new Set(ofSecond).size, 1)
    assert.notEqual(ofFirst[0], ofSecond[0])
  })

  test('one frame of another class does not make another object', () => {
    const names = ['car', 'car', 'truck', 'car']
    const ids = play(names.map((name, i) => [i / 5, [car(0.1 + i * 0.02, 0.5, 0.9, name)]]))
    assert.deepEqual(ids.flat().slice(1), ['e-1', 'e-1', 'e-1'])
  })

  test('the class of a track is what most of its boxes say, and a wrong beginning is outvoted', () => {
    const classesOf = (names: readonly string[]): string[] => {
      let state = startTracker('e')
      return names.map((name, i) => {
        state = step(state, [car(0.1 + i * 0.02, 0.5, 0.9, name)], i / 5, options).state
        return state.tracks[0]!.class
      })
    }
    assert.deepEqual(classesOf(['car', 'car', 'truck', 'car']), ['car', 'car', 'car', 'car'])
    assert.equal(classesOf(['truck', 'car', 'car', 'car']).at(-1), 'car')
  })

  test('of two that lie alike, a box goes to the track of its class even after a frame of flicker', () => {
    const beside = (name: string, x: number): Box => ({ class: name, score: 0.9, box: [x, 0.5, 0.1, 0.1] })
    const ids = play([
      [0, [beside('bus', 0.3), beside('car', 0.34)]],
      [0.2, [beside('bus', 0.3), beside('car', 0.34)]],
      [0.4, [beside('bus', 0.3), beside('bus', 0.34)]],
      [0.6, [beside('car', 0.32), beside('bus', 0.32)]],
    ])
    assert.deepEqual(ids.at(-1), [ids[1]![1], ids[1]![0]])
  })

  test('two hundred objects are followed in milliseconds', (t) => {
    const frame = (i: number): Box[] =>
      Array.from({ length: 200 }, (_, n) => ({
        class: 'car',
        score: 0.9,
        box: [(n % 20) / 20 + i * 0.002, Math.floor(n / 20) / 10, 0.02, 0.04],
      }))
    const started = performance.now()
    const ids = play(Array.from({ length: 20 }, (_, i) => [i / 5, frame(i)]))
    t.diagnostic(`${((performance.now() - started) / 20).toFixed(1)} ms a frame`)
    assert.equal(new Set(ids.slice(1).flat()).size, 200)
  })

  const box = fc.record({
    class: fc.constantFrom('car', 'person'),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    box: fc.tuple(...[0, 0, 0, 0].map(() => fc.double({ min: 0.01, max: 0.5, noNaN: true }))),
  })
  const frames = fc.array(fc.array(box, { maxLength: 12 }), { minLength: 1, maxLength: 12 })

  test('no id is given twice in a frame, no box is invented or lost, and the same frames give the same ids', () => {
    fc.assert(
      fc.property(frames, (all) => {
        const timed = all.map((boxes, i) => [i * 0.3, boxes as Box[]] as const)
        const ids = play(timed)
        assert.deepEqual(play(timed), ids)
        for (const [i, frameIds] of ids.entries()) {
          const given = frameIds.filter((id) => id !== undefined)
          assert.equal(new Set(given).size, given.length)
          assert.ok(frameIds.length >= all[i]!.filter(({ score }) => score >= options.highScore).length)
          assert.ok(frameIds.length <= all[i]!.length)
        }
      }),
    )
  })
})

describe('assignment', () => {
  const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
    fc.array(
      fc.array(fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.constant(FORBIDDEN)), {
        minLength: columns,
        maxLength: columns,
      }),
      { minLength: rows, maxLength: rows },
    ),
  )

  test('is the best of all matchings: the most pairs, then the least cost', () => {
    fc.assert(
      fc.property(matrix, (costs) => {
        const found = value(costs, assign(costs))
        const best = bestOf(costs, 0, new Set())
        assert.deepEqual(found, best)
      }),
      { numRuns: 500 },
    )
  })
})

type Value = { pairs: number; cost: number }

function value(costs: readonly (readonly number[])[], columnOf: readonly number[]): Value {
  const chosen = columnOf.flatMap((column, row) => (column < 0 ? [] : [costs[row]![column]!]))
  return { pairs: chosen.length, cost: chosen.reduce((sum, cost) => sum + cost, 0) }
}

function bestOf(costs: readonly (readonly number[])[], row: number, taken: Set<number>): Value {
  if (row === costs.length) return { pairs: 0, cost: 0 }
  let best = bestOf(costs, row + 1, taken)
  for (const [column, cost] of costs[row]!.entries()) {
    if (cost === FORBIDDEN || taken.has(column)) continue
    const rest = bestOf(costs, row + 1, new Set(taken).add(column))
    const candidate = { pairs: rest.pairs + 1, cost: rest.cost + cost }
    if (candidate.pairs > best.pairs || (candidate.pairs === best.pairs && candidate.cost < best.cost)) best = candidate
  }
  return best
}
