import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const folder = join(import.meta.dirname, 'locales')
const read = async (name: string) => flatten(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')))

function flatten(words: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value]] : Object.entries(flatten(value, `${path}${key}.`)),
    ),
  )
}

const blanks = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!).sort()

test('German has every text of English, with the same blanks to fill', async () => {
  const [en, de] = await Promise.all([read('en'), read('de')])
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort())
  for (const [key, text] of Object.entries(en)) assert.deepEqual(blanks(de[key]!), blanks(text), key)
})

test('every text that the code names is there', async () => {
  const en = await read('en')
  const named = new Set<string>()
  for await (const file of glob('**/*.tsx', { cwd: join(import.meta.dirname, '..') })) {
    const code = await readFile(join(import.meta.dirname, '..', file), 'utf8')
    for (const [, key] of code.matchAll(/\bt\('([\w.-]+)'/g)) named.add(key!)
  }
  assert.ok(named.size > 30)
  assert.deepEqual(
    [...named].filter((key) => !(key in en) && !(`${key}_other` in en)),
    [],
  )
})
