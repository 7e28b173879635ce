import { EnvelopArmor } from '@escape.tech/graphql-armor'
import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
} from 'graphql'
import type { ServerOptions } from 'graphql-ws'
import { createYoga, type YogaServerInstance } from 'graphql-yoga'
import { type Context, contexts, type ServedPorts } from './context.ts'
import { mask, tooLarge } from './failures.ts'
import { schema } from './schema.ts'
import { SharedAnswers } from './shared-answers.ts'
import { NAME_HEADER, viewerNamed } from './viewer.ts'

/** For the query text; a catalogue to import travels in the variables, and has its own bound. */
const MAX_QUERY_CHARACTERS = 100_000

/** Bounds that the dashboard's own operations stay far below. */
const armor = new EnvelopArmor({
  maxDepth: { n: 10 },
  maxAliases: { n: 30 },
  maxDirectives: { n: 30 },
  maxTokens: { n: 4000 },
  costLimit: { maxCost: 20_000, objectCost: 2, scalarCost: 1, depthCostFactor: 1.3 },
  blockFieldSuggestion: { enabled: false },
})

/** All that a client is told of what nobody expected. */
const UNEXPECTED = 'Unexpected error.'

export type ApiServer = YogaServerInstance<Record<string, unknown>, Context>

export function createApi(ports: ServedPorts, onError: (error: Error) => void): ApiServer {
  const contextOf = contexts(ports)
  return createYoga<Record<string, unknown>, Context>({
    schema: schema as GraphQLSchema,
    context: ({ params, request }) => contextOf(viewerNamed(request?.headers.get(NAME_HEADER)), isSubscription(params)),
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    logging: false,
    cors: false,
    multipart: false,
    plugins: [queryBound, ...armor.protect().plugins],
    maskedErrors: {
      errorMessage: UNEXPECTED,
      maskError: (error, message, isDev) => mask(error, message, isDev, onError),
    },
  })
}

const queryBound = {
  onParams({ params }: { params: { query?: string } }) {
    if ((params.query?.length ?? 0) > MAX_QUERY_CHARACTERS) throw tooLarge(MAX_QUERY_CHARACTERS)
  },
}

/** Context is made for documents that have been parsed and found valid. */
function isSubscription({ query = '', operationName }: { query?: string; operationName?: string | null }): boolean {
  return query.includes('subscription') && getOperationAST(parse(query), operationName)?.operation === 'subscription'
}

interface SocketArgs extends ExecutionArgs {
  readonly rootValue: Pick<ReturnType<ApiServer['getEnveloped']>, 'execute'> & { readonly key: string }
}

/** The same schema, context, bounds and masking for subscriptions over a WebSocket. */
export function webSocketOptions(api: ApiServer, onError: (error: Error) => void): ServerOptions {
  const answers = new SharedAnswers((error) => mask(error, UNEXPECTED, false, onError))
  return {
    execute: (args) => (args as SocketArgs).rootValue.execute(args),
    subscribe: (args) => answers.subscribe({ ...args, key: (args as SocketArgs).rootValue.key }),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, contextFactory, parse, validate } = api.getEnveloped({
        ...context,
        params,
      } as never)
      const document = parsed(parse, params.query)
      if (document instanceof GraphQLError) return [document]
      const errors = validate(schema, document) as readonly GraphQLError[]
      if (errors.length > 0) return errors
      const contextValue = (await contextFactory()) as unknown as Context
      const { query, operationName, variables } = params
      const key = JSON.stringify([contextValue.viewer.id, query, operationName, variables])
      return {
        schema,
        document,
        contextValue,
        rootValue: { execute, key },
        ...(params.operationName != null && { operationName: params.operationName }),
        ...(params.variables != null && { variableValues: params.variables }),
      }
    },
  }
}

/** The document, or why it is none: thrown here, it would close the socket with every subscription on it. */
function parsed(parse: (text: string) => DocumentNode, text: string): DocumentNode | GraphQLError {
  if (text.length > MAX_QUERY_CHARACTERS) return tooLarge(MAX_QUERY_CHARACTERS)
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}
