import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CameraInput } from './cameras/input.ts'
import { invalidInput, problemsOf, REFUSALS, refusal } from './refusal.ts'
import { failing, joined, plainly, saidBy, say } from './said.ts'
import { SAYINGS } from './sayings.ts'

const root = join(import.meta.dirname, '..')

interface Words {
  readonly [key: string]: string | Words
}
const words = async (language: string): Promise<Words> =>
  JSON.parse(await readFile(join(root, 'web/src/lib/locales', `${language}.json`), 'utf8'))

function flat(all: Words, path = ''): Record<string, string> {
  const entries = Object.entries(all).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : Object.entries(flat(value, `${path}${key}.`)),
  )
  return Object.fromEntries(entries)
}

/** The dashboard looks the words of a state up, and begins a sentence with a capital. */
function plain(text: string): string {
  return (text[0]!.toLowerCase() + text.slice(1)).replace(/\$t\(\w+Word\.(\{\{\w+\}\})\)/g, '$1')
}

const asPlain = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, plain(text)]))

describe('what a person is refused', () => {
  test('is all worded in the dashboard, in English as here', async () => {
    const { refused } = await words('en')
    const here = Object.fromEntries(Object.entries(REFUSALS).map(([reason, [, text]]) => [reason, text]))
    assert.deepEqual(asPlain(flat(refused as Words)), asPlain(here))
  })

  test('has no name that something else said has', () => {
    assert.deepEqual(
      Object.keys(SAYINGS).filter((name) => name in REFUSALS),
      [],
    )
  })

  test('has a name wherever the API reaches', async () => {
    const reached = [
      'platform/{cameras,triage}/**/*.ts',
      'platform/rollout/promote.ts',
      'platform/training/{request,cancel}.ts',
      'graphql/schema/*.ts',
    ]
    const unnamed: string[] = []
    for await (const file of glob(reached, { cwd: root })) {
      const code = await readFile(join(root, file), 'utf8')
      const thrown = code.matchAll(/new SentinelError\(\s*'(\w+)'/g)
      for (const [, name] of thrown) if (name !== 'CONFIGURATION_INVALID') unnamed.push(`${file}: ${name}`)
    }
    assert.deepEqual(unnamed, [])
  })

  test('is told in English with its blanks filled, and by name with what fills them', () => {
    const { code, message, told } = refusal('zoneNameTaken', { name: 'Crossing' })
    assert.equal(code, 'CONFLICT')
    assert.equal(message, 'This camera has a zone named Crossing already; choose another name')
    assert.deepEqual(told, { reason: 'zoneNameTaken', blanks: [{ name: 'name', value: 'Crossing' }] })
  })

  test('of a form is all that is wrong in English, and by name the first of it with its bound', () => {
    const { error } = CameraInput.safeParse({ name: 'x'.repeat(201), source: 'rtsp://a/b', latitude: 91 })
    const { message, told } = invalidInput(error!)
    assert.equal(message, 'name: a name has at most 200 characters; latitude: latitude lies between -90 and 90')
    assert.deepEqual(told, { reason: 'nameTooLong', blanks: [{ name: 'maximum', value: '200' }] })
  })

  test('that nobody has named is told in English alone', () => {
    const { error } = CameraInput.safeParse({ name: 'a', source: 'rtsp://a/b', latitude: 'north' })
    const { message, told } = invalidInput(error!)
    assert.match(message, /^latitude: /)
    assert.equal(told, undefined)
  })
})

/** Of a text that is told by number, the form of the many. */
const inMany = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(texts)
      .filter(([key]) => !key.endsWith('_one'))
      .map(([key, text]) => [key.replace(/_other$/, ''), text]),
  )

describe('what Sentinel says of itself', () => {
  test('is all worded in the dashboard, in English as here', async () => {
    const { said } = await words('en')
    assert.deepEqual(asPlain(inMany(flat(said as Words))), asPlain(SAYINGS))
  })

  test('is told in English with its numbers written out, and by name with the bare numbers', () => {
    const { text, told } = say('gate.precision', { pictures: 8, running: 0.5, candidate: 0.62345 })
    assert.equal(text, 'AP50 on 8 held-out pictures: 50.0 % → 62.3 %.')
    const blanks = [
      { name: 'pictures', value: '8' },
      { name: 'running', value: '0.5' },
      { name: 'candidate', value: '0.62345' },
    ]
    assert.deepEqual(told, [{ reason: 'gate.precision', blanks }])
  })

  test('may be several sentences, some of them in the words of others', () => {
    const error = failing('NOT_FOUND', say('model.fileGone', { digest: 'abc' }))
    const { text, told } = joined([
      say('rollout.cannotRun', {}),
      saidBy(error),
      saidBy(new Error('no room')),
      plainly('!'),
    ])
    assert.equal(text, 'It cannot be run: The file of model abc is gone. Add the model again. no room !')
    assert.deepEqual(
      told.map(({ reason }) => reason),
      ['rollout.cannotRun', 'model.fileGone', 'plain', 'plain'],
    )
  })

  test('of a row of a catalogue is each thing that is wrong with it', () => {
    const { error } = CameraInput.safeParse({ name: 'a', source: 'rtsp://a/b', latitude: 91, longitude: 'east' })
    const { text, told } = problemsOf(error!)
    assert.equal(text, 'latitude: latitude lies between -90 and 90; longitude is no number')
    assert.equal(told[0]!.reason, 'latitude')
    assert.deepEqual(told.slice(1), [{ reason: 'row.noNumber', blanks: [{ name: 'column', value: 'longitude' }] }])
  })
})
