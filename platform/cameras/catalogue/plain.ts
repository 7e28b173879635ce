import type { RawCatalogue, RawRow } from './catalogue.ts'
import { booleanCell, headingCell, isObject, numberCell, textCell } from './cells.ts'

/** A list of cameras, or `{ "cameras": [...] }`. */
export function isPlain(json: unknown): json is unknown[] | { cameras: unknown[] } {
  return Array.isArray(json) || (isObject(json) && Array.isArray(json.cameras))
}

export function plainRows(json: unknown[] | { cameras: unknown[] }): RawCatalogue {
  const rows = Array.isArray(json) ? json : json.cameras
  return { origin: 'file', isPublic: false, rows: rows.map((row) => plainRow(isObject(row) ? row : {})) }
}

/** Of plain JSON and plain CSV alike: `name`, `source` (or `url`), and what else is known. */
export function plainRow(row: Readonly<Record<string, unknown>>): RawRow {
  const name = textCell(row.name ?? row.description)
  const source = textCell(row.source ?? row.url)
  const isLoop = booleanCell(row.loop) === true && source !== undefined && !source.endsWith('#loop')
  return {
    originId: textCell(row.id) ?? name,
    input: {
      name,
      source: isLoop ? `${source}#loop` : source,
      latitude: numberCell(row.latitude ?? row.lat),
      longitude: numberCell(row.longitude ?? row.lon ?? row.lng),
      heading: headingCell(row.heading ?? row.direction),
      enabled: booleanCell(row.enabled),
      fps: numberCell(row.fps),
    },
  }
}
