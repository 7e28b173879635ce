import { createHash } from 'node:crypto'
import type { RawCatalogue, RawRow } from './catalogue.ts'
import { headingCell, isObject, numberCell, textCell } from './cells.ts'

type ByCounty = Record<string, Record<string, unknown[]>>

/** State → county → list of cameras. */
export function isOpenTrafficCamMap(json: unknown): json is ByCounty {
  return (
    isObject(json) &&
    Object.keys(json).length > 0 &&
    Object.values(json).every((counties) => isObject(counties) && Object.values(counties).every(Array.isArray))
  )
}

export function openTrafficCamMapRows(json: ByCounty): RawCatalogue {
  const rows = Object.entries(json).flatMap(([state, counties]) =>
    Object.entries(counties).flatMap(([county, cameras]) => cameras.map((row) => rowOf(state, county, row))),
  )
  return { origin: 'open-traffic-cam-map', isPublic: true, rows }
}

/** The catalogue has no ids; where a camera is listed and its URL tell it from others. */
function rowOf(state: string, county: string, value: unknown): RawRow {
  const row = isObject(value) ? value : {}
  const source = textCell(row.url)
  const latitude = numberCell(row.latitude)
  const longitude = numberCell(row.longitude)
  // Older editions put cameras without a position at 0, 0.
  const isPlaced = latitude !== 0 || longitude !== 0
  return {
    originId: source && createHash('sha256').update(`${state}\n${county}\n${source}`).digest('hex').slice(0, 24),
    input: {
      name: textCell(row.description)?.slice(0, 200) ?? `${county}, ${state}`,
      source,
      ...(isPlaced && { latitude, longitude }),
      heading: headingCell(row.direction),
    },
  }
}
