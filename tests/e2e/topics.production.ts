import assert from 'node:assert/strict'
import { test } from 'node:test'
import { topicNames } from '../../platform/events/topics.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { kafkaSpace } from '../support/kafka.ts'

test('sentinel topics apply makes every topic at once, tells nothing the second time, and lag is a number for each function', async (t) => {
  const { url, remove } = await kafkaSpace([])
  defer(t, remove)
  const env = { SENTINEL_LOG: url }
  const dry = await runCli(['topics', 'apply', '--dry-run'], env)
  const first = await runCli(['topics', 'apply'], env)
  assert.equal(first.code, 0, first.stderr)
  assert.deepEqual(
    [...first.stdout.matchAll(/^\+ (\S+) {2}\d+ partitions/gm)].map(([, name]) => name),
    topicNames,
  )
  assert.equal([...dry.stdout.matchAll(/^\+ (\S+) {2}\d+ partitions/gm)].length, topicNames.length)
  assert.match(first.stdout, /^\+ group detect {2}first offsets of 12 partitions$/m)
  const second = await runCli(['topics', 'apply'], env)
  assert.deepEqual([second.code, second.stdout], [0, ''])
  const lag = await runCli(['lag'], env)
  assert.match(lag.stdout, /^detect {2}0$/m)
})
