import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewerNamed } from '../../../graphql/viewer.ts'
import { nameIn } from './person.ts'

test('a name that is kept is one that the server takes, whatever was typed', () => {
  for (const typed of [' Ada Lovelace ', 'Zoë', "O'Neill-2", 'x'.repeat(60), '山田']) {
    const name = nameIn(typed)
    assert.notEqual(name, '', typed)
    assert.equal(viewerNamed(encodeURIComponent(name)).id, name)
  }
})

test('what is no name is none: then the administrator has said it', () => {
  for (const typed of ['', '  ', '<b>', 'a\nb', '-']) assert.equal(nameIn(typed), '')
  assert.equal(viewerNamed('').id, 'admin')
  assert.throws(() => viewerNamed('%E0%A4%A'), { extensions: { code: 'BAD_USER_INPUT' } })
  assert.throws(() => viewerNamed('%3Cb%3E'), /1 to 40 letters/)
})
