import type { RawCatalogue, RawRow } from './catalogue.ts'
import { booleanCell, headingCell, isObject, numberCell, textCell } from './cells.ts'

export const ORIGIN = 'caltrans'

interface Caltrans {
  readonly data: unknown[]
}

/** `cctvStatusDnn.json` of the California Department of Transportation: every leaf is text. */
export function isCaltrans(json: unknown): json is Caltrans {
  return isObject(json) && Array.isArray(json.data) && json.data.some((row) => isObject(row) && isObject(row.cctv))
}

export function caltransRows({ data }: Caltrans): RawCatalogue {
  return { origin: ORIGIN, isPublic: true, rows: data.map((row) => caltransRow(flat(isObject(row) ? row.cctv : {}))) }
}

/** `index` is unique only within one district's file. */
export function caltransRow(row: Readonly<Record<string, unknown>>): RawRow {
  const district = textCell(row.district)
  const index = textCell(row.index)
  const place = textCell(row.locationName) ?? textCell(row.nearbyPlace)
  const inService = booleanCell(row.inService)
  return {
    originId: index && `d${district ?? '?'}-${index}`,
    input: {
      name: place,
      source: textCell(row.streamingVideoURL) ?? textCell(row.currentImageURL),
      latitude: numberCell(row.latitude),
      longitude: numberCell(row.longitude),
      heading: headingCell(row.direction),
      ...(inService === false && { enabled: false }),
    },
  }
}

/** All leaves side by side, as the CSV form has them; no two share a name. */
function flat(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {}
  return Object.entries(value).reduce<Record<string, unknown>>(
    (out, [name, inner]) => Object.assign(out, isObject(inner) ? flat(inner) : { [name]: inner }),
    {},
  )
}
