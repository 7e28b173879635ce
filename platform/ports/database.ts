import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

/** PostgreSQL. Embedded and production differ only in who runs the server, so the port is the query builder itself. */
export type Database = Kysely<Tables>
