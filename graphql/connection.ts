import { GraphQLError } from 'graphql'
import { type RawBuilder, type SelectQueryBuilder, sql } from 'kysely'

const MAX_FIRST = 500
const DEFAULT_FIRST = 50

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

export interface Connection<Node> {
  readonly edges: { readonly cursor: string; readonly node: Node }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
}

interface Keyset<Row> {
  /** What rows are ordered by, the last one unique. */
  readonly columns: readonly RawBuilder<unknown>[]
  readonly direction: 'asc' | 'desc'
  /** The values of those columns, as text or numbers. */
  readonly keyOf: (row: Row) => readonly (string | number)[]
}

/** One page by keyset: as fast at the end of a long list as at its beginning, and stable while rows come and go. */
export async function page<DB, TB extends keyof DB, Row, Node>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { first, after }: PageArguments,
  { columns, direction, keyOf }: Keyset<Row>,
  toNode: (row: Row) => Node,
): Promise<Connection<Node>> {
  const limit = limitOf(first)
  const comparison = direction === 'asc' ? sql`>` : sql`<`
  const order = sql.raw(direction)
  const from = after == null ? undefined : readCursor(after, columns.length)
  let paged = query
  if (from) paged = paged.where(sql<boolean>`(${sql.join(columns)}) ${comparison} (${sql.join(from)})`)
  for (const column of columns) paged = paged.orderBy(sql`${column} ${order}`)
  const rows = (await paged.limit(limit + 1).execute()) as Row[]
  const edges = rows.slice(0, limit).map((row) => ({ cursor: writeCursor(keyOf(row)), node: toNode(row) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > limit,
      hasPreviousPage: from !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function limitOf(first: number | null | undefined): number {
  const limit = first ?? DEFAULT_FIRST
  if (limit < 1 || limit > MAX_FIRST)
    throw badInput(`first lies between 1 and ${MAX_FIRST}; ask for the rest with after`)
  return limit
}

function writeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function readCursor(cursor: string, length: number): (string | number)[] {
  try {
    const key = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    const isKey = Array.isArray(key) && key.length === length
    if (isKey && key.every((part) => ['string', 'number'].includes(typeof part))) return key
  } catch {
    // Told below, as every other cursor that is none.
  }
  throw badInput('after is no cursor of this list; take one from an edge or from pageInfo')
}

export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}
