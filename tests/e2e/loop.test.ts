import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { GitRepository } from '../../platform/adapters/repository-git/git-repository.ts'
import { runCli } from '../support/cli.ts'
import { defer } from '../support/defer.ts'
import { eventually } from '../support/log.ts'
import { ask, type Started, startSentinel } from '../support/sentinel.ts'
import { sharedFile } from '../support/shared.ts'
import { tinyYolox } from '../support/tiny-yolox.ts'

const road = sharedFile('video/udacity_test_video.mp4')
const model = sharedFile('models/yolox_nano.onnx')
const names = sharedFile('models/coco80.names')
const skip = road.skip || model.skip || names.skip

/** So small that the whole loop goes round in a test; what each does is tested beside its function. */
const QUICK = {
  ...{ SENTINEL_TRAIN_AFTER: '1', SENTINEL_TRAIN_QUIET: '1', SENTINEL_REVIEW_BELOW: '0.9' },
  ...{ SENTINEL_GATE_FRAMES: '2', SENTINEL_GATE_AGREEMENT: '0.2', SENTINEL_GATE_LIVE_AGREEMENT: '0.2' },
  ...{ SENTINEL_GATE_LATENCY: '9', SENTINEL_SHADOW_FRAMES: '4', SENTINEL_SHADOW_SHARE: '1' },
  ...{ SENTINEL_CANARY_SHARE: '1', SENTINEL_WATCH_SECONDS: '600', SENTINEL_WATCH_FRAMES: '5' },
  ...{ SENTINEL_WATCH_LATENCY: '50', SENTINEL_WATCH_FRAME_RATE: '0' },
}

/** The model that looked at the newest frame. */
async function seenBy(sentinel: Started): Promise<string | undefined> {
  const { data } = await ask(sentinel, '{ detections(first: 1) { edges { node { model { digest } } } } }')
  return data.detections.edges[0]?.node.model.digest
}

// biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
async function first(find: () => Promise<any>): Promise<any> {
  let found: unknown
  await eventually(async () => {
    found = await find()
    return found !== undefined
  }, 150_000)
  return found
}

describe('the loop', { skip }, () => {
  test('a doubtful frame, a verdict, a training, gates, a commit, the new model at work; a blind one forced upon it goes back by itself', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-loop-'))
    defer(t, () => rm(folder, { recursive: true, force: true }))
    const data = join(folder, 'data')
    const cameras = join(folder, 'cameras.json')
    await writeFile(cameras, JSON.stringify([{ name: 'Road', source: `${road.path}#loop`, fps: 2 }]))
    const args = ['--port', '0', '--data-dir', data, '--cameras', cameras, '--model', model.path, '--names', names.path]
    const killed = await startSentinel(args, QUICK)
    defer(t, () => killed.stop('SIGKILL'))

    const item = await first(async () => {
      const { data } = await ask(killed, '{ triageQueue(first: 1) { edges { node { id model { digest } } } } }')
      return data.triageQueue.edges[0]?.node
    })
    const verdict = 'mutation ($i: RecordVerdictInput!) { recordVerdict(input: $i) { errors { message } } }'
    const answer = await ask(killed, verdict, { i: { itemId: item.id, verdict: 'CONFIRM' } })
    assert.deepEqual(answer.data.recordVerdict.errors, [])
    // Between the verdict and whatever comes of it.
    await killed.stop('SIGKILL')
    const sentinel = await startSentinel(args, QUICK)
    defer(t, () => sentinel.stop('SIGTERM'))

    const run = await first(async () => {
      const { data } = await ask(
        sentinel,
        '{ trainingRuns(first: 5) { edges { node { state failure model { digest } } } } }',
      )
      const [edge, ...more] = data.trainingRuns.edges
      assert.deepEqual(more, [])
      return ['COMPLETED', 'FAILED'].includes(edge?.node.state) ? edge.node : undefined
    })
    assert.equal(run.failure, null)
    const learnt = run.model.digest
    await eventually(async () => (await seenBy(sentinel)) === learnt, 150_000)

    const blind = join(folder, 'blind.onnx')
    await writeFile(blind, tinyYolox(['none']))
    const added = await runCli(['model', 'add', blind, '--data-dir', data, '--json'])
    assert.equal(added.code, 0, added.stderr)
    const { digest } = JSON.parse(added.stdout)
    const refused = await runCli(['model', 'promote', digest, '--data-dir', data])
    assert.equal(refused.code, 1)
    const forced = await runCli(['model', 'promote', digest, '--force', '--data-dir', data, '--json'])
    assert.equal(forced.code, 0, forced.stderr)
    await eventually(async () => (await seenBy(sentinel)) === digest, 60_000)
    await eventually(async () => (await seenBy(sentinel)) === learnt, 150_000)
    const line = await runCli(['model', 'lineage', learnt, '--data-dir', data, '--json'])
    assert.equal(JSON.parse(line.stdout)[0].teachings[0].itemId, item.id)
    assert.equal(await sentinel.stop(), 0)

    const repository = await GitRepository.open({ directory: join(data, 'gitops.git') })
    const story = (await repository.history(9)).map(({ message }) => message.split('\n')[0]!.replace(/\+\w+/, '+…'))
    assert.deepEqual(story.reverse(), [
      'Start with yolox_nano',
      'Promote yolox_nano+… to all cameras',
      'Promote blind to all cameras',
      'Revert "Promote blind to all cameras"',
    ])
  })
})
