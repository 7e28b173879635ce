import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import i18next from 'i18next'
import { addFormats } from './formats.ts'
import { wordsOf } from './said.ts'

const sentence = (reason: string, blanks: Readonly<Record<string, string>> = {}) => ({
  reason,
  blanks: Object.entries(blanks).map(([name, value]) => ({ name, value })),
})

describe('what the server says, on a German page', () => {
  before(async () => {
    const translation = JSON.parse(await readFile(join(import.meta.dirname, 'locales', 'de.json'), 'utf8'))
    await i18next.init({ lng: 'de', resources: { de: { translation } }, interpolation: { escapeValue: false } })
    addFormats(i18next)
  })

  test('is in German, with shares and other numbers written as there', () => {
    const figures = { name: 'car', running: '0.5', candidate: '0.62345' }
    assert.equal(wordsOf('', [sentence('gate.precisionOf', figures)]), 'AP50 von car: 50,0 % → 62,3 %.')
    assert.match(wordsOf('', [sentence('gate.latency', { times: '1.5', limit: '2' })]), /das 1,50-Fache/)
  })

  test('tells the light in German, and one apart from many', () => {
    const by = (count: string) => wordsOf('', [sentence('training.picturesBy', { count, light: 'night' })])
    assert.deepEqual([by('1'), by('5')], ['1 neues Bild bei Nacht', '5 neue Bilder bei Nacht'])
  })

  test('may be several sentences, and refusals among them', () => {
    const said = [sentence('health.retries', { name: 'detect' }), sentence('modelMissing', { digest: 'abc' })]
    assert.match(wordsOf('', said), /^detect versucht es wieder und wieder: Es gibt kein Modell abc\./)
    assert.equal(wordsOf('', [sentence('latitude'), sentence('row.unnamed')], '; ').split('; ').length, 2)
  })

  test('leaves what others say as they say it', () => {
    assert.equal(wordsOf('', [sentence('plain', { text: '{{it}} is $t(full)' })]), '{{it}} is $t(full)')
  })

  test('is in the English of the server where it is older, or newer, than the page', () => {
    assert.equal(wordsOf('asked for', []), 'asked for')
    assert.equal(wordsOf('The moon is full.', [sentence('fullMoon'), sentence('training.asked')]), 'The moon is full.')
  })
})
