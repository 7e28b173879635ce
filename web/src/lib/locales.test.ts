import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import ts from 'typescript'

const folder = join(import.meta.dirname, 'locales')
const read = async (name: string) => flatten(JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')))

function flatten(words: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value]] : Object.entries(flatten(value, `${path}${key}.`)),
    ),
  )
}

const blanks = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+(?:, \w+)?)\}\}/g)].map(([, name]) => name!).sort()

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

test('numbers for people are written as the language of the page writes them', async () => {
  const found: string[] = []
  for await (const file of glob('**/*.tsx', { cwd: join(import.meta.dirname, '..') })) {
    const code = await readFile(join(import.meta.dirname, '..', file), 'utf8')
    if (/\.(toFixed\(|toLocaleString\(\))/.test(code)) found.push(file)
  }
  assert.deepEqual(found, [])
})

/** What is read out or shown where no text stands between tags. */
const SPOKEN = new Set([
  'aria-label',
  'aria-description',
  'aria-roledescription',
  'alt',
  'title',
  'placeholder',
  'label',
  'hint',
])
/** What people type is the same in every language, and so is the product's name. */
const SAME_EVERYWHERE = /^(Sentinel|CSV|JSON|rtsp:|https?:|-?[\d.]+$)/

test('no text for people stands in the code', async () => {
  const sample = `<p title="Over it">Inside {'in braces'} {name} <code>npx it</code><i className="flex" /></p>`
  const parsed = ts.createSourceFile('sample.tsx', sample, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  assert.deepEqual(textsIn(parsed).sort(), ['Inside', 'Over it', 'in braces'])
  const found: string[] = []
  for await (const file of glob('**/*.tsx', { cwd: join(import.meta.dirname, '..') })) {
    const code = await readFile(join(import.meta.dirname, '..', file), 'utf8')
    const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
    for (const text of textsIn(source)) if (!SAME_EVERYWHERE.test(text)) found.push(`${file}: ${text}`)
  }
  assert.deepEqual(found, [])
})

function textsIn(node: ts.Node): string[] {
  if (ts.isJsxElement(node) && node.openingElement.tagName.getText() === 'code') return []
  const inner: string[] = []
  ts.forEachChild(node, (child) => void inner.push(...textsIn(child)))
  const text = textOf(node)
  return text !== undefined && /\p{L}{2}/u.test(text) ? [text.trim(), ...inner] : inner
}

/** Between tags, in braces between tags, or in an attribute that is spoken. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return node.text
  if (!ts.isStringLiteralLike(node)) return undefined
  const { parent } = node
  if (ts.isJsxExpression(parent) && ts.isJsxElement(parent.parent)) return node.text
  const attribute = ts.isJsxExpression(parent) ? parent.parent : parent
  return ts.isJsxAttribute(attribute) && SPOKEN.has(attribute.name.getText()) ? node.text : undefined
}
