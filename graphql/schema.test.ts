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
  const [, refusal = ''] = /REFUSAL = '([^']*)'/.exec(readFileSync(join(root, 'web/src/lib/refusal.ts'), 'utf8')) ?? []
  for (const file of globSync('web/src/**/*.{ts,tsx}', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    const fields = /const fields = `([^`]*)`/.exec(text)?.[1] ?? ''
    // A document is the template after the type arguments of gql<…>.
    for (const [, document] of text.matchAll(/>`\s*((?:query|mutation|subscription) [\s\S]*?)\n`/g)) {
      const name = /\w+ (\w+)/.exec(document!)?.[1]
      test(`${file}: ${name}`, () => {
        assert.deepEqual(
          validate(schema, parse(document!.replaceAll(/\$\{fields\}/g, fields).replaceAll(/\$\{REFUSAL\}/g, refusal))),
          [],
        )
      })
    }
  }
})
