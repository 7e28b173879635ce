import { parse } from 'csv-parse/sync'
import { messageOf } from '../../errors.ts'
import { refusal } from '../../refusal.ts'
import { ORIGIN as CALTRANS, caltransRow } from './caltrans.ts'
import type { RawCatalogue } from './catalogue.ts'
import { plainRow } from './plain.ts'

/** CSV with a header line: Caltrans' columns, or `name`, `source`, `latitude`, `longitude`, `heading`, `enabled`, `fps`, `id`. */
export function csvRows(text: string): RawCatalogue {
  const [header = [], ...lines] = records(text)
  const names = header.map((name) => name.trim())
  const rows = lines.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])))
  if (names.includes('currentImageURL') && names.includes('locationName')) {
    return { origin: CALTRANS, isPublic: true, rows: rows.map(caltransRow) }
  }
  const lower = new Set(names.map((name) => name.toLowerCase()))
  if (!lower.has('source') && !lower.has('url')) {
    throw refusal('catalogueColumns', {})
  }
  return { origin: 'file', isPublic: false, rows: rows.map((row) => plainRow(withLowerNames(row))) }
}

function records(text: string): string[][] {
  try {
    return parse(text, {
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      delimiter: delimiterOf(text),
    })
  } catch (cause) {
    throw refusal('catalogueCsv', { problem: messageOf(cause) }, { cause })
  }
}

/** What the header line is divided by: the others may stand inside a cell. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n|\r/, 1)[0]!
  const timesIn = (delimiter: string): number => header.split(delimiter).length
  return [',', ';', '\t'].reduce((best, each) => (timesIn(each) > timesIn(best) ? each : best))
}

function withLowerNames(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]))
}
