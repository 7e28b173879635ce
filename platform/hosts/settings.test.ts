import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { z } from 'zod'
import { variableOf } from '../env.ts'
import { root } from '../paths.ts'
import { adapters } from './adapters.ts'
import { settingsFor } from './alone/settings.ts'
import { functions } from './functions.ts'
import { Settings } from './local/settings.ts'

/** Variables with their defaults, as text. */
function settingsOf(schema: z.ZodObject): [string, string][] {
  return Object.entries(schema.shape).map(([key, type]) => {
    const { data } = (type as z.ZodType).safeParse(undefined)
    return [variableOf(key), data === undefined ? '' : String(data)]
  })
}

test('docs/settings.md has every variable with its default, and no other', async () => {
  const text = await readFile(join(root, 'docs', 'settings.md'), 'utf8')
  const told = [...text.matchAll(/^\| `([A-Z_0-9]+)` \| (.*?) ?\| (.+) \|$/gm)].map(([, name, value]) => [
    name!,
    value!,
  ])
  const configs = functions.map(({ declaration }) => declaration.config as z.ZodObject)
  // The hosts share most of theirs; where they differ the whole of Sentinel goes before.
  const schemas = [settingsFor(['log'], adapters), ...configs, Settings]
  const real = new Map(schemas.flatMap(settingsOf))
  assert.deepEqual(Object.fromEntries(told), Object.fromEntries(real))
  assert.equal(new Set(told.map(([name]) => name)).size, told.length)
})
