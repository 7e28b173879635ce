import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { codeOf } from '../platform/errors.ts'
import type { LoggedEvent } from '../platform/event-log.ts'
import type { Database } from '../platform/ports/database.ts'
import { type EventFilter, eventOf, eventRows } from './event-rows.ts'
import { isTime } from './time.ts'

/** More than a table program opens; an hour of the busiest city has fewer. */
const MAX_ROWS = 200_000
const ROWS_AT_ONCE = 2000
/** Each holds a connection of the database now and then, for as long as its reader takes. */
const MAX_EXPORTS = 2

const COLUMNS = ['time', 'type', 'cameraId', 'class', 'score', 'subject', 'id', 'data'] as const

const FORMATS = {
  csv: { type: 'text/csv; charset=utf-8', write: asCsv },
  json: { type: 'application/json; charset=utf-8', write: asJson },
} as const

type Format = keyof typeof FORMATS

/** What is wrong with the request, as a status and what to do. */
export type Refusal = readonly [status: number, message: string]

/** Writes the filtered event log as a file, the newest first, a page of rows at a time: any length needs the same memory. */
export class EventExports {
  readonly #database: Database
  readonly #maxRows: number
  #running = 0

  constructor(database: Database, maxRows = MAX_ROWS) {
    this.#database = database
    this.#maxRows = maxRows
  }

  /** @returns why nothing was written, if nothing was. */
  async send(path: string, search: URLSearchParams, response: ServerResponse): Promise<Refusal | undefined> {
    const format = /^\/export\/events\.(csv|json)$/.exec(path)?.[1] as Format | undefined
    if (!format) return [404, 'There are /export/events.csv and /export/events.json.']
    const filter = filterIn(search)
    if (typeof filter === 'string') return [400, filter]
    if (this.#running >= MAX_EXPORTS) return [429, 'Other exports are under way. Try again when they are done.']
    this.#running++
    try {
      return await this.#write(format, filter, response)
    } finally {
      this.#running--
    }
  }

  async #write(format: Format, filter: EventFilter, response: ServerResponse): Promise<Refusal | undefined> {
    if (await this.#isTooLong(filter)) {
      return [413, `More than ${this.#maxRows} events match. Choose a shorter time, a camera or a type.`]
    }
    const { type, write } = FORMATS[format]
    response.writeHead(200, {
      'content-type': type,
      'content-disposition': `attachment; filename="events.${format}"`,
      'cache-control': 'no-store',
    })
    try {
      await pipeline(Readable.from(write(this.#pages(filter))), response)
    } catch (error) {
      // The reader has gone away, and with it the need.
      if (codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
    }
    return undefined
  }

  async #isTooLong(filter: EventFilter): Promise<boolean> {
    const oneMore = await eventRows(this.#database, filter)
      .clearSelect()
      .select('id')
      .offset(this.#maxRows)
      .limit(1)
      .execute()
    return oneMore.length > 0
  }

  async *#pages(filter: EventFilter): AsyncGenerator<readonly LoggedEvent[]> {
    let left = this.#maxRows
    for (let last: LoggedEvent | undefined; left > 0; ) {
      let query = eventRows(this.#database, filter).orderBy('time', 'desc').orderBy('id', 'desc')
      if (last) query = query.where(sql<boolean>`(time, id) < (${last.time}::timestamptz, ${last.id})`)
      const rows = (await query.limit(Math.min(left, ROWS_AT_ONCE)).execute()).map(eventOf)
      if (rows.length > 0) yield rows
      if (rows.length < ROWS_AT_ONCE) return
      left -= rows.length
      last = rows.at(-1)
    }
  }
}

/** The names that the page's own address has. @returns what is wrong, in words. */
function filterIn(search: URLSearchParams): EventFilter | string {
  const one = (name: string): string[] | undefined => (search.has(name) ? search.getAll(name) : undefined)
  const [from, to] = [search.get('from'), search.get('to')]
  const score = search.get('score')
  const wrong = [from, to].find((time) => time !== null && !isTime(time))
  if (wrong != null) return `from and to are RFC 3339 text such as 2026-06-01T08:00:00Z, not ${JSON.stringify(wrong)}.`
  if (score !== null && !(Number(score) >= 0 && Number(score) <= 1)) return 'score is a number between 0 and 1.'
  const filter = { cameraIds: one('camera'), types: one('type'), classes: one('class'), from, to }
  return { ...filter, minScore: score === null ? undefined : Number(score) }
}

async function* asCsv(pages: AsyncIterable<readonly LoggedEvent[]>): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`
  for await (const page of pages)
    yield page.map((event) => `${COLUMNS.map((name) => cell(event[name])).join(',')}\r\n`).join('')
}

async function* asJson(pages: AsyncIterable<readonly LoggedEvent[]>): AsyncGenerator<string> {
  yield '['
  let separator = '\n'
  for await (const page of pages) {
    yield separator + page.map((event) => JSON.stringify(event)).join(',\n')
    separator = ',\n'
  }
  yield '\n]\n'
}

/** RFC 4180; text that a table program would take for a formula is told to be text. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
