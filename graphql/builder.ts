import SchemaBuilder from '@pothos/core'
import RelayPlugin from '@pothos/plugin-relay'
import { GraphQLScalarType, Kind } from 'graphql'
import type { Context } from './context.ts'
import { badInput } from './failures.ts'
import { isTime } from './time.ts'

export const builder = new SchemaBuilder<{
  Context: Context
  DefaultFieldNullability: false
  Scalars: { DateTime: { Input: string; Output: string | Date }; ID: { Input: string; Output: string } }
}>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: { nodeQueryOptions: false, nodesQueryOptions: false, cursorType: 'String' },
})

function readTime(value: unknown): string {
  if (typeof value !== 'string' || !isTime(value)) {
    throw badInput(`A DateTime is RFC 3339 text such as 2026-06-01T08:00:00.000Z, not ${JSON.stringify(value)}`)
  }
  return value
}

builder.addScalarType(
  'DateTime',
  new GraphQLScalarType({
    name: 'DateTime',
    description: 'A moment as RFC 3339 text in UTC, with milliseconds or microseconds.',
    serialize: (value) => (value instanceof Date ? value.toISOString() : String(value)),
    parseValue: readTime,
    parseLiteral: (node) => readTime(node.kind === Kind.STRING ? node.value : undefined),
  }),
)

builder.queryType({})
builder.mutationType({})
builder.subscriptionType({})
