import SchemaBuilder from '@pothos/core'
import RelayPlugin from '@pothos/plugin-relay'
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql'
import type { Context } from './context.ts'

export const builder = new SchemaBuilder<{
  Context: Context
  DefaultFieldNullability: false
  Scalars: { DateTime: { Input: string; Output: string | Date }; ID: { Input: string; Output: string } }
}>({
  plugins: [RelayPlugin],
  defaultFieldNullability: false,
  relay: { nodeQueryOptions: false, nodesQueryOptions: false, cursorType: 'String' },
})

/** RFC 3339, with a zone. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i

function readTime(value: unknown): string {
  if (typeof value !== 'string' || !TIME.test(value) || Number.isNaN(Date.parse(value))) {
    throw new GraphQLError(`A DateTime is RFC 3339 text such as 2026-06-01T08:00:00.000Z, not ${JSON.stringify(value)}`)
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
