import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CameraInput } from './cameras/input.ts'
import { invalidInput, REFUSALS, refusal } from './refusal.ts'

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
  return (text[0]!.toLowerCase() + text.slice(1)).replace(/\$t\(statusWord\.(\{\{\w+\}\})\)/g, '$1')
}

const plainly = (texts: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, plain(text)]))

describe('what a person is refused', () => {
  test('is all worded in the dashboard, in English as here', async () => {
    const { refused } = await words('en')
    const here = Object.fromEntries(Object.entries(REFUSALS).map(([reason, [, text]]) => [reason, text]))
    assert.deepEqual(plainly(flat(refused as Words)), plainly(here))
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
