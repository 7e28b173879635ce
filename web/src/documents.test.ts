import assert from 'node:assert/strict'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildSchema, type DocumentNode, validate } from 'graphql'

const source = import.meta.dirname
const schema = buildSchema(await readFile(join(source, '..', '..', 'graphql', 'schema.graphql'), 'utf8'))
const files = await Array.fromAsync(glob('{app,features/*}/api/*.ts', { cwd: source }))

const isDocument = (value: unknown): value is DocumentNode =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Document'

test('there are questions to check', () => assert.ok(files.length >= 4, files.join(', ')))

for (const file of files) {
  test(`what ${file} asks is in the schema of the API`, async () => {
    const documents = Object.values(await import(join(source, file))).filter(isDocument)
    assert.ok(documents.length > 0)
    for (const document of documents) assert.deepEqual(validate(schema, document).map(String), [])
  })
}
