import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import type { PixelBox } from './boxes.ts'
import { addCounts, countTracking, idf1, mota, type TrackedFrame } from './tracking.ts'

interface GoldenCase {
  readonly frames: readonly TrackedFrame[]
  readonly expected: Readonly<Record<string, number>>
}

const golden: GoldenCase[] = JSON.parse(await readFile(new URL('golden/tracking.json', import.meta.url), 'utf8'))

test('the same numbers as py-motmetrics', () => {
  for (const { frames, expected } of golden) {
    const counts = countTracking(frames)
    const { truth, found, missed, wrong, switches, identified } = counts
    const near = (value: number, name: string) => assert.ok(Math.abs(value - expected[name]!) < 1e-9, name)
    assert.deepEqual(
      [truth, found, missed, wrong, switches, identified],
      ['num_objects', 'num_predictions', 'num_misses', 'num_false_positives', 'num_switches', 'idtp'].map(
        (name) => expected[name],
      ),
    )
    near(idf1(counts), 'idf1')
    near(mota(counts), 'mota')
  }
})

describe('one object that stands still', () => {
  const box: PixelBox = [10, 10, 20, 20]
  const frame = (...ids: string[]): TrackedFrame => ({
    truth: [{ id: 'a', box }],
    found: ids.map((id) => ({ id, box })),
  })

  test('followed under one id', () => {
    const counts = countTracking([frame('1'), frame('1'), frame('1')])
    assert.deepEqual([idf1(counts), mota(counts), counts.switches], [1, 1, 0])
  })

  test('whose id changes once is one switch, and right for the longer part', () => {
    const counts = countTracking([frame('1'), frame('2'), frame('2'), frame('2')])
    assert.deepEqual([counts.switches, idf1(counts), mota(counts)], [1, 0.75, 0.75])
  })

  test('that is lost for a frame and found again under its id is no switch', () => {
    const counts = countTracking([frame('1'), frame(), frame('1')])
    assert.deepEqual([counts.switches, counts.missed, mota(counts)], [0, 1, 1 - 1 / 3])
  })

  test('that has two boxes stays with the one that it had', () => {
    const counts = countTracking([frame('1'), frame('2', '1'), frame('1')])
    assert.deepEqual([counts.switches, counts.wrong], [0, 1])
  })
})

test('what is too small or hidden is not asked for, and a box that lies on it does not count', () => {
  const truth = [
    { id: 'a', box: [0, 0, 20, 20] as PixelBox },
    { id: 'b', box: [100, 0, 5, 5] as PixelBox, isIgnored: true },
  ]
  const found = truth.map(({ id, box }) => ({ id, box }))
  const { truth: asked, found: counted, wrong, missed } = countTracking([{ truth, found }])
  assert.deepEqual([asked, counted, wrong, missed], [1, 1, 0, 0])
})

test('the counts of cameras add up', () => {
  const [first, second] = golden.map(({ frames }) => countTracking(frames))
  const both = addCounts([first!, second!])
  assert.equal(both.truth, first!.truth + second!.truth)
  assert.equal(both.switches, first!.switches + second!.switches)
})
