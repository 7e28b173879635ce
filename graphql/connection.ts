import { type SelectQueryBuilder, sql } from 'kysely'
import { badInput } from './failures.ts'
import { isTime } from './time.ts'

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

type KeyPart = string | number

interface KeyColumn {
  readonly column: string
  readonly type: keyof typeof IS_OF_TYPE
}

const IS_OF_TYPE = {
  text: (part: unknown) => typeof part === 'string',
  timestamptz: (part: unknown) => typeof part === 'string' && isTime(part),
  float8: (part: unknown) => typeof part === 'number',
  int8: (part: unknown) => typeof part === 'string' && /^\d{1,18}$/.test(part),
}

interface Keyset<Row> {
  /** What rows are ordered by, an index's columns, the last one unique. */
  readonly columns: readonly KeyColumn[]
  readonly direction: 'asc' | 'desc'
  /** The values of those columns; a time as text with its microseconds. */
  readonly keyOf: (row: Row) => readonly KeyPart[]
}

/** One page by keyset: as fast at the end of a long list as at its beginning, and stable while rows come and go. */
export async function page<DB, TB extends keyof DB, Row, Node>(
  query: SelectQueryBuilder<DB, TB, Row>,
  { first, after }: PageArguments,
  { columns, direction, keyOf }: Keyset<Row>,
  toNode: (row: Row) => Node,
): Promise<Connection<Node>> {
  const limit = limitOf(first)
  let paged = query
  if (after != null) paged = paged.where(beyond(readCursor(after, columns), columns, direction))
  for (const { column } of columns) paged = paged.orderBy(sql`${sql.ref(column)} ${sql.raw(direction)}`)
  const rows = (await paged.limit(limit + 1).execute()) as Row[]
  const edges = rows.slice(0, limit).map((row) => ({ cursor: writeCursor(keyOf(row)), node: toNode(row) }))
  return {
    edges,
    pageInfo: {
      hasNextPage: rows.length > limit,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

/** One page of a list that is at hand, after the one whose name the cursor is. */
export function pageOf<Node>(
  all: readonly Node[],
  { first, after }: PageArguments,
  nameOf: (node: Node) => string,
): Connection<Node> {
  const limit = limitOf(first)
  const at = after == null ? -1 : all.findIndex((node) => nameOf(node) === after)
  if (after != null && at < 0) throw badInput('after is no cursor of this list; take one from an edge or from pageInfo')
  const edges = all.slice(at + 1, at + 1 + limit).map((node) => ({ cursor: nameOf(node), node }))
  return {
    edges,
    pageInfo: {
      hasNextPage: at + 1 + limit < all.length,
      hasPreviousPage: at >= 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  }
}

function beyond(key: readonly KeyPart[], columns: readonly KeyColumn[], direction: 'asc' | 'desc') {
  const names = columns.map(({ column }) => sql.ref(column))
  const values = key.map((part, i) => sql`${part}::${sql.raw(columns[i]!.type)}`)
  return sql<boolean>`(${sql.join(names)}) ${sql.raw(direction === 'asc' ? '>' : '<')} (${sql.join(values)})`
}

function limitOf(first: number | null | undefined): number {
  const limit = first ?? DEFAULT_FIRST
  if (limit < 1 || limit > MAX_FIRST)
    throw badInput(`first lies between 1 and ${MAX_FIRST}; ask for the rest with after`)
  return limit
}

function writeCursor(key: readonly KeyPart[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

function readCursor(cursor: string, columns: readonly KeyColumn[]): KeyPart[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(key) && key.length === columns.length) {
      if (columns.every(({ type }, i) => IS_OF_TYPE[type](key[i]))) return key
    }
  } catch {
    // Told below, as every other cursor that is none.
  }
  throw badInput('after is no cursor of this list; take one from an edge or from pageInfo')
}
