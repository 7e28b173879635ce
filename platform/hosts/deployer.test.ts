import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { modelThatSees } from '../../tests/support/models.ts'
import { SentinelError } from '../errors.ts'
import { jpegImage } from '../events/image.ts'
import type { Model } from '../ports/model.ts'
import { Deployer } from './deployer.ts'

const PICTURE = jpegImage(new Uint8Array(1), 64, 36)
const CAMERAS = Array.from({ length: 8 }, (_, n) => `cam-${n}`)
const named = (digest: string) => ({ digest, name: digest })

/** Models that answer when they are told to, and say when they are closed. */
function world() {
  const closed: string[] = []
  const opened: [string, number | undefined][] = []
  const answers: (() => void)[] = []
  const model = (digest: string): Model => ({
    ...modelThatSees([], 1, digest),
    detect: async () => {
      await new Promise<void>((resolve) => answers.push(resolve))
      if (closed.includes(digest)) throw new SentinelError('MODEL_UNAVAILABLE', 'closed')
      return { boxes: [], timings: { prepareMs: 1, inferMs: 1, decodeMs: 1 } }
    },
    close: async () => void closed.push(digest),
  })
  const open = async (digest: string, workers: number | undefined): Promise<Model> => {
    if (digest === 'bad') throw new SentinelError('MODEL_INVALID', 'another file')
    opened.push([digest, workers])
    return model(digest)
  }
  const deployer = new Deployer(model('a'), open)
  const served = () => CAMERAS.filter((camera) => deployer.for(camera).info.digest === 'b').length
  return { deployer, closed, opened, answers, served }
}

describe('models change while frames go on', () => {
  test('the next frame goes to the new model, and what the old one works on is answered before it closes', async () => {
    const { deployer, closed, answers } = world()
    const looking = deployer.for('cam-0').detect(PICTURE)
    const swapped = deployer.apply({ model: named('b') }, CAMERAS)
    while (deployer.info.digest !== 'b') await new Promise(setImmediate)
    assert.equal(deployer.for('cam-0').info.digest, 'b')
    assert.deepEqual(closed, [])
    answers[0]!()
    await looking
    await swapped
    assert.deepEqual(closed, ['a'])
  })

  test('a canary looks at its share of the cameras, the same ones each time, and at one at least', async () => {
    const { deployer, opened, served } = world()
    const canary = { ...named('b'), share: 0.25 }
    await deployer.apply({ model: named('a'), canary }, CAMERAS)
    assert.deepEqual([served(), opened], [2, [['b', 1]]])
    assert.ok(deployer.runs({ model: named('a'), canary }, CAMERAS))
    assert.ok(!deployer.runs({ model: named('a'), canary: { ...canary, share: 0.5 } }, CAMERAS))
    await deployer.apply({ model: named('a'), canary: { ...canary, share: 0.01 } }, CAMERAS)
    assert.deepEqual([served(), opened.length], [1, 1])
  })

  test('a canary that is promoted is opened with all threads, and both old ones close', async () => {
    const { deployer, opened, closed, served } = world()
    await deployer.apply({ model: named('a'), canary: { ...named('b'), share: 0.25 } }, CAMERAS)
    await deployer.apply({ model: named('b') }, CAMERAS)
    assert.deepEqual([served(), opened.at(-1), closed.sort()], [8, ['b', undefined], ['a', 'b']])
  })

  test('one that is taken back leaves the other as it was', async () => {
    const { deployer, opened, closed, served } = world()
    await deployer.apply({ model: named('a'), canary: { ...named('b'), share: 0.5 } }, CAMERAS)
    await deployer.apply({ model: named('a') }, CAMERAS)
    assert.deepEqual([served(), opened.length, closed], [0, 1, ['b']])
  })

  test('what cannot be opened changes nothing', async () => {
    const { deployer, closed } = world()
    await assert.rejects(deployer.apply({ model: named('bad') }, CAMERAS), { code: 'MODEL_INVALID' })
    const canary = { ...named('bad'), share: 0.5 }
    await assert.rejects(deployer.apply({ model: named('b'), canary }, CAMERAS), { code: 'MODEL_INVALID' })
    assert.deepEqual([deployer.info.digest, closed], ['a', ['b']])
  })
})
