import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import { FrameCaptured, FrameDetected } from '../events/frame.ts'
import { topics } from '../events/topics.ts'
import { TrainingRequested } from '../events/training.ts'
import type { FunctionDeclaration } from '../function.ts'
import { type Declared, refuseWhatCannotWork } from './refusals.ts'

const good: FunctionDeclaration = {
  name: 'good',
  on: [FrameCaptured],
  emits: [FrameDetected],
  config: z.object({}),
  needs: [],
  host: 'kafka',
  scale: { min: 0, max: 12, lag: 20 },
}
const images = { functions: 'sentinel/functions:1.2.3' }

function problemsOf(declared: Partial<Declared>): string {
  try {
    refuseWhatCannotWork({ functions: [good], topics, images, ...declared })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

const of = (change: Partial<FunctionDeclaration>): string => problemsOf({ functions: [{ ...good, ...change }] })
const scaled = (change: Partial<FunctionDeclaration['scale']>): string => of({ scale: { ...good.scale, ...change } })

test('what can work is let through', () => {
  assert.equal(problemsOf({}), '')
  assert.equal(problemsOf({ images: { functions: `sentinel/functions@sha256:${'a'.repeat(64)}` } }), '')
})

const wrong: readonly (readonly [what: string, problems: string, says: RegExp])[] = [
  ['a name with capitals', of({ name: 'Detect' }), /Detect: a name has lower-case letters/],
  ['a name that is too long', of({ name: 'a'.repeat(41) }), /a name has 40 characters at most/],
  ['two functions of one name', problemsOf({ functions: [good, good] }), /good: two functions have this name/],
  ['a least below zero', scaled({ min: -1 }), /scale.min is -1, no whole number/],
  ['a least above the most', scaled({ min: 5, max: 4 }), /scale.min is 5, above scale.max, which is 4/],
  ['a most of zero', scaled({ max: 0 }), /scale.max is 0.*nothing would ever run/],
  ['half a replica', scaled({ max: 1.5 }), /scale.max is 1.5, no whole number/],
  ['more replicas than partitions', scaled({ max: 13 }), /frames has 12 partitions: the replicas beyond would idle/],
  ['a lag of zero', scaled({ lag: 0 }), /scale.lag is 0/],
  [
    'a cooldown within the cold start',
    scaled({ cooldown: 3 }),
    /cooldown of 3 s is no longer than its cold start of 3 s/,
  ],
  ['no events', of({ on: [] }), /it takes no events/],
  [
    'its own output',
    of({ emits: [FrameCaptured] }),
    /emits sentinel.frame.captured.v1 and takes it: its lag never reaches zero/,
  ],
  ['a topic that is not declared', problemsOf({ topics: {} }), /there is no topic frames/],
  [
    'events that are gone before it wakes',
    of({ pod: { coldStart: 56 } }),
    /frames keeps events for 60 s, and it takes up to 61 s to wake/,
  ],
  ['a Job that always runs', of({ host: 'job', scale: { min: 1, max: 1, lag: 1 } }), /a Job ends with its work/],
  [
    'a Job of two topics',
    of({ host: 'job', on: [FrameCaptured, TrainingRequested] }),
    /a Job takes its work from one topic/,
  ],
  [
    'work that Knative would end',
    of({ host: 'knative', pod: { longestWork: 590 } }),
    /up to 610 s, and Knative waits 600 s; host it on kafka/,
  ],
  ['work that holds a node for a day', of({ pod: { longestWork: 86_400 } }), /14400 s are the most/],
  ['a limit below the request', of({ pod: { memory: [512, 256] } }), /memory 512 to 256 are no request and limit/],
  ['no processor time', of({ pod: { cores: [0, 1] } }), /cores 0 to 1 are no request and limit/],
  ['too little memory for Node', of({ pod: { memory: [32, 64] } }), /does not start in 32 MiB/],
  ['a cold start that takes no time', of({ pod: { coldStart: 0 } }), /a cold start takes time/],
  ['an image without a tag', problemsOf({ images: { functions: 'sentinel/functions' } }), /neither tag nor digest/],
  ['the latest image', problemsOf({ images: { functions: 'sentinel/functions:latest' } }), /another image every day/],
  [
    'traffic that does not sum to 100',
    split([
      ['good-1', 60],
      ['good-2', 30],
    ]),
    /its traffic sums to 90 percent/,
  ],
  [
    'half a percent',
    split([
      ['good-1', 99.5],
      ['good-2', 0.5],
    ]),
    /good-1 gets no whole percentage/,
  ],
  [
    'traffic of what is no Knative Service',
    problemsOf({ traffic: { good: [{ revision: 'a', percent: 100 }] } }),
    /only what Knative hosts/,
  ],
]

for (const [what, problems, says] of wrong) {
  test(`refused: ${what}`, () => assert.match(problems, says))
}

test('all that is wrong is said at once', () => {
  const problems = of({ name: 'Detect', scale: { min: 3, max: 2, lag: 0 } })
  assert.equal(problems.split('\n').length, 4)
})

function split(shares: readonly (readonly [revision: string, percent: number])[]): string {
  const traffic = { good: shares.map(([revision, percent]) => ({ revision, percent })) }
  return problemsOf({ functions: [{ ...good, host: 'knative' }], traffic })
}
