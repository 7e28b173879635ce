import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { GraphQLError } from 'graphql'
import i18next from 'i18next'
import { CombinedError } from 'urql'
import { messageOf, problemIn, refusalText } from './message-of.ts'

const name = { name: 'name', value: 'Crossing' }
const taken = { code: 'CONFLICT', message: 'taken', reason: 'zoneNameTaken', blanks: [name] }

describe('why something was not done, on a German page', () => {
  before(async () => {
    const translation = JSON.parse(await readFile(join(import.meta.dirname, 'locales', 'de.json'), 'utf8'))
    await i18next.init({ lng: 'de', resources: { de: { translation } }, interpolation: { escapeValue: false } })
  })

  test('is in German where the server names it, with what fills its blanks', () => {
    assert.match(refusalText(taken), /hat schon eine Zone namens Crossing/)
  })

  test('has the words of a state too', () => {
    const blanks = [{ name: 'status', value: 'rejected' }]
    assert.match(refusalText({ message: '', reason: 'judgedAlready', blanks }), /ein Urteil \(verworfen\)/)
  })

  test('is in the words of a newer server where this page has none', () => {
    assert.equal(refusalText({ message: 'The moon is full', reason: 'fullMoon', blanks: [] }), 'The moon is full')
    assert.equal(refusalText({ message: 'No name', reason: null, blanks: [] }), 'No name')
  })

  test('is read from an answer that failed as from one that refuses', () => {
    const extensions = { code: 'SERVER_UNAVAILABLE', reason: 'unavailable', blanks: [] }
    const failed = new CombinedError({ graphQLErrors: [new GraphQLError('Not now', { extensions })] })
    assert.match(messageOf(failed), /^Gerade nicht erreichbar/)
    assert.match(problemIn([taken], undefined)!, /Crossing/)
    assert.equal(problemIn([], undefined), undefined)
  })

  test('tells no inside of the server or the browser', () => {
    const extensions = { code: 'INTERNAL_SERVER_ERROR' }
    const broken = new CombinedError({ graphQLErrors: [new GraphQLError('Unexpected error.', { extensions })] })
    assert.match(messageOf(broken), /^Auf dem Server ging etwas schief/)
    assert.match(
      messageOf(new CombinedError({ networkError: new Error('Failed to fetch') })),
      /^Der Server antwortet nicht/,
    )
  })

  test('asks a visitor who is not signed in for the token', () => {
    const response = { status: 401 }
    const refused = new CombinedError({ networkError: new Error('Unauthorized'), response })
    assert.match(messageOf(refused), /^Sie sind nicht angemeldet/)
  })
})
