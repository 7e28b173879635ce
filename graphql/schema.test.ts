import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { buildSchema, parse, validate } from 'graphql'
import { root } from '../platform/paths.ts'
import { printedSchema } from './schema.ts'

test('schema.graphql is what the code makes', () => {
  const isCurrent = readFileSync(join(root, 'graphql', 'schema.graphql'), 'utf8') === printedSchema()
  assert.ok(isCurrent, 'it is stale: npm run generate writes it anew')
})

describe('the dashboard asks only what the API answers', () => {
  const schema = buildSchema(printedSchema())
  const read = (file: string): string => readFileSync(join(root, file), 'utf8')
  // Parts of documents that several files share.
  const shared = ['web/src/lib/refusal.ts', 'web/src/lib/said.ts'].map(read).join('\n')
  for (const file of globSync('web/src/**/*.{ts,tsx}', { cwd: root })) {
    const text = read(file)
    const filled = (document: string): string =>
      document.replaceAll(/\$\{(\w+)\}/g, (_, name) => filled(constantOf(name, text) ?? constantOf(name, shared) ?? ''))
    // A document is the template after the type arguments of gql<…>.
    for (const [, document] of text.matchAll(/>`\s*((?:query|mutation|subscription) [\s\S]*?)\n`/g)) {
      const name = /\w+ (\w+)/.exec(document!)?.[1]
      test(`${file}: ${name}`, () => {
        assert.deepEqual(validate(schema, parse(filled(document!))), [])
      })
    }
  }
})

function constantOf(name: string, text: string): string | undefined {
  return new RegExp(`const ${name} =\\s*(['\`])([^'\`]*)\\1`).exec(text)?.[2]
}
