import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { readEnvironment, variableOf } from './env.ts'
import { SentinelError } from './errors.ts'

const Settings = z.object({
  maxFrameAge: z.number().positive().default(2000),
  keepStills: z.boolean().default(false),
  networks: z.array(z.string()).default([]),
  name: z.string().optional(),
})

test('a key is read from its variable', () => {
  assert.equal(variableOf('maxFrameAge'), 'SENTINEL_MAX_FRAME_AGE')
})

test('text becomes what the schema wants, and what is absent or empty its default', () => {
  const env = {
    SENTINEL_MAX_FRAME_AGE: '1500',
    SENTINEL_KEEP_STILLS: 'true',
    SENTINEL_NETWORKS: 'a, b',
    SENTINEL_NAME: '',
  }
  assert.deepEqual(readEnvironment(Settings, env), { maxFrameAge: 1500, keepStills: true, networks: ['a', 'b'] })
  assert.deepEqual(readEnvironment(Settings, {}), { maxFrameAge: 2000, keepStills: false, networks: [] })
})

test('everything that is wrong is named at once, by variable and value', () => {
  const env = { SENTINEL_MAX_FRAME_AGE: 'soon', SENTINEL_KEEP_STILLS: 'perhaps' }
  assert.throws(
    () => readEnvironment(Settings, env),
    (error: SentinelError) =>
      error instanceof SentinelError &&
      error.code === 'CONFIGURATION_INVALID' &&
      error.message.includes('SENTINEL_MAX_FRAME_AGE="soon"') &&
      error.message.includes('SENTINEL_KEEP_STILLS="perhaps"'),
  )
})

test('a missing setting without a default is named as missing', () => {
  assert.throws(() => readEnvironment(z.object({ url: z.string() }), {}), /SENTINEL_URL is missing/)
})

test('neither secrets nor the credentials of a URL are shown', () => {
  const wrong = z.object({ databaseUrl: z.string().startsWith('postgres:'), secretKey: z.string().length(3) })
  const env = { DATABASE_URL: 'mysql://user:hunter2@host/db', SENTINEL_SECRET_KEY: 'hunter2' }
  assert.throws(
    () => readEnvironment(wrong, env),
    ({ message }: Error) => message.includes('DATABASE_URL="mysql://…@host/db"') && !message.includes('hunter2'),
  )
})
