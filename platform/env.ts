import { z } from 'zod'
import { SentinelError } from './errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Names that the hosts of such servers set of their own accord. */
const COMMON: Readonly<Record<string, string>> = { databaseUrl: 'DATABASE_URL' }
const SECRET = /SECRET|TOKEN|PASSWORD/

/** `maxFrameAge` is read from `SENTINEL_MAX_FRAME_AGE`. */
export function variableOf(key: string): string {
  return COMMON[key] ?? `SENTINEL_${key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`
}

/**
 * Reads the settings of a schema from the environment, each key from its variable; text becomes numbers and booleans where
 * the schema wants them. An empty variable counts as absent.
 *
 * @throws SentinelError `CONFIGURATION_INVALID` that names every variable at fault at once.
 */
export function readEnvironment<Schema extends z.ZodObject>(schema: Schema, env: Environment): z.infer<Schema> {
  return readAll([schema], env)[0] as z.infer<Schema>
}

/** The same for many schemas, so that all that is wrong is said at once. */
export function readAll(schemas: readonly z.ZodObject[], env: Environment): Record<string, unknown>[] {
  const results = schemas.map((schema) => schema.safeParse(valuesOf(schema, env)))
  const problems = results.flatMap(({ error }) => error?.issues.map((issue) => describe(issue, env)) ?? [])
  if (problems.length > 0) {
    const lines = [...new Set(problems)].map((problem) => `  ${problem}`).join('\n')
    throw new SentinelError('CONFIGURATION_INVALID', `These settings cannot be used; correct or unset them:\n${lines}`)
  }
  return results.map(({ data }) => data as Record<string, unknown>)
}

function valuesOf(schema: z.ZodObject, env: Environment): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [key, type] of Object.entries(schema.shape)) {
    const text = env[variableOf(key)]
    if (text !== undefined && text !== '') values[key] = convert(type as z.ZodType, text)
  }
  return values
}

function convert(type: z.ZodType, text: string): unknown {
  const inner = unwrap(type)
  if (inner instanceof z.ZodNumber) return Number(text)
  if (inner instanceof z.ZodBoolean)
    return { true: true, '1': true, false: false, '0': false }[text.toLowerCase()] ?? text
  if (inner instanceof z.ZodArray)
    return text.split(',').map((part) => convert(inner.element as z.ZodType, part.trim()))
  return text
}

function unwrap(type: z.ZodType): z.ZodType {
  const wrapped = type instanceof z.ZodDefault || type instanceof z.ZodOptional || type instanceof z.ZodNullable
  return wrapped ? unwrap(type.unwrap() as z.ZodType) : type
}

function describe({ path, message }: z.core.$ZodIssue, env: Environment): string {
  const variable = variableOf(String(path[0]))
  const value = env[variable]
  return value ? `${variable}=${shown(variable, value)}: ${message}` : `${variable} is missing: ${message}`
}

/** Secrets and the credentials of a URL end up in no terminal and no log. */
function shown(variable: string, value: string): string {
  return SECRET.test(variable) ? '…' : JSON.stringify(value.replace(/\/\/[^/]*@/, '//…@'))
}
