import assert from 'node:assert/strict'
import { test } from 'node:test'
import { teachersIn } from './teachers.ts'

const said = (annotator: string, withdrawnAt: string | null = null) => ({ annotator, withdrawnAt })

test('people are named once, the busiest first, with what they have taken back since', () => {
  assert.deepEqual(teachersIn([said('bob'), said('ada'), said('ada', '2026-06-01T08:00:00Z'), said('cyd')]), [
    { name: 'ada', frames: 2, withdrawn: 1 },
    { name: 'bob', frames: 1, withdrawn: 0 },
    { name: 'cyd', frames: 1, withdrawn: 0 },
  ])
})
