import { messageOf, type Told } from '../../errors.ts'
import { problemsOf, refusal } from '../../refusal.ts'
import { type Said, say } from '../../said.ts'
import { CameraInput, isPrintable } from '../input.ts'
import { caltransRows, isCaltrans } from './caltrans.ts'
import { csvRows } from './csv.ts'
import { isOpenTrafficCamMap, openTrafficCamMapRows } from './open-traffic-cam-map.ts'
import { isPlain, plainRows } from './plain.ts'

/** One row as its catalogue says it, before anything is checked. */
export interface RawRow {
  /** Stays the same when the catalogue is fetched again; undefined when the row names nothing to tell it by. */
  readonly originId: string | undefined
  readonly input: Readonly<Record<string, unknown>>
}

export interface RawCatalogue {
  readonly origin: string
  readonly rows: readonly RawRow[]
  /** A public catalogue lists thousands of cameras that nobody asked to watch: they come in switched off. */
  readonly isPublic: boolean
}

export interface CatalogueRow {
  readonly originId: string
  readonly input: CameraInput
}

/** `row` counts from 1, as in the file; for CSV without its header line. */
export interface RejectedRow {
  readonly row: number
  readonly reason: string
  /** The same for who words it in another language. */
  readonly told: readonly Told[]
}

export interface Catalogue {
  readonly origin: string
  readonly isPublic: boolean
  readonly rows: readonly (CatalogueRow & { readonly row: number })[]
  readonly rejected: readonly RejectedRow[]
}

/**
 * Reads a camera catalogue: OpenTrafficCamMap JSON, Caltrans CCTV JSON or CSV, plain CSV, plain JSON. Which one it is shows
 * in its content. Bad rows are told with number and reason, good rows are kept.
 *
 * @throws SentinelError `CATALOGUE_INVALID` when the text as a whole is none of them.
 */
export function readCatalogue(text: string): Catalogue {
  const { origin, rows: raw, isPublic } = recognise(text)
  const rows: Catalogue['rows'][number][] = []
  const rejected: RejectedRow[] = []
  const seen = new Map<string, number>()
  for (const [i, { originId, input }] of raw.entries()) {
    const row = i + 1
    const { data, error } = CameraInput.safeParse(input)
    const earlier = originId === undefined ? undefined : seen.get(originId)
    if (error) rejected.push(rejectedRow(row, problemsOf(error)))
    else if (originId === undefined) rejected.push(rejectedRow(row, say('row.unnamed', {})))
    else if (!isPrintable(originId)) rejected.push(rejectedRow(row, say('row.unprintable', {})))
    else if (earlier !== undefined) rejected.push(rejectedRow(row, say('row.twice', { row: earlier, id: originId })))
    else {
      seen.set(originId, row)
      rows.push({ row, originId, input: data })
    }
  }
  return { origin, isPublic, rows, rejected }
}

export function rejectedRow(row: number, { text, told }: Said): RejectedRow {
  return { row, reason: text, told }
}

function recognise(text: string): RawCatalogue {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') throw refusal('catalogueEmpty', {})
  if (!/^[[{]/.test(trimmed)) return csvRows(trimmed)
  const json = parse(trimmed)
  if (isCaltrans(json)) return caltransRows(json)
  if (isPlain(json)) return plainRows(json)
  if (isOpenTrafficCamMap(json)) return openTrafficCamMapRows(json)
  throw refusal('catalogueUnknown', {})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refusal('catalogueJson', { problem: messageOf(cause) }, { cause })
  }
}
