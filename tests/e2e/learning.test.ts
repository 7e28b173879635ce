import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { ask, startSentinel } from '../support/sentinel.ts'
import { sharedFile } from '../support/shared.ts'

const road = sharedFile('video/udacity_test_video.mp4')
const model = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const skip = road.skip || model.skip || names.skip

const RUN =
  'state reason failure annotations parent { digest } model { digest name lineage { parent { digest } dataset } } metrics { boxes }'

describe('what people say becomes a model', { skip }, () => {
  test('a doubtful frame, a verdict, an annotation, a threshold, a training, a model that knows what made it', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-e2e-'))
    defer(t, () => rm(folder, { recursive: true, force: true }))
    const cameras = join(folder, 'cameras.json')
    await writeFile(cameras, JSON.stringify([{ name: 'Road', source: `${road.path}#loop`, fps: 2 }]))
    const args = ['--port', '0', '--data-dir', join(folder, 'data'), '--cameras', cameras]
    const env = { SENTINEL_TRAIN_AFTER: '1', SENTINEL_TRAIN_QUIET: '1', SENTINEL_REVIEW_BELOW: '0.9' }
    const sentinel = await startSentinel([...args, '--model', model.path, '--names', names.path], env)
    defer(t, () => sentinel.stop('SIGTERM'))

    const item = await first(async () => {
      const { data } = await ask(
        sentinel,
        '{ triageQueue(first: 1) { edges { node { id boxes { class } model { digest } } } } }',
      )
      return data.triageQueue.edges[0]?.node
    })
    const verdict =
      'mutation ($input: RecordVerdictInput!) { recordVerdict(input: $input) { item { status } errors { message } } }'
    const answer = await ask(sentinel, verdict, { input: { itemId: item.id, verdict: 'CONFIRM' } })
    assert.deepEqual(answer.data.recordVerdict.errors, [])

    const run = await first(async () => {
      const { data } = await ask(sentinel, `{ trainingRuns(first: 1) { edges { node { ${RUN} } } } }`)
      const node = data.trainingRuns.edges[0]?.node
      return node && node.state !== 'REQUESTED' && node.state !== 'RUNNING' ? node : undefined
    })
    assert.deepEqual([run.state, run.failure, run.annotations], ['COMPLETED', null, 1])
    assert.equal(run.metrics.boxes, item.boxes.length)
    assert.deepEqual([run.parent.digest, run.model.lineage.parent.digest], [item.model.digest, item.model.digest])
    assert.notEqual(run.model.digest, item.model.digest)
    assert.equal(await sentinel.stop(), 0)
  })
})

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
async function first(find: () => Promise<any>): Promise<any> {
  let found: unknown
  await eventually(async () => {
    found = await find()
    return found !== undefined
  }, 120_000)
  return found
}
