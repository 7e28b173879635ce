/** Public catalogues write absent values in many ways. */
const ABSENT = new Set(['', 'not reported', 'n/a', 'null', 'none'])

export function textCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const text = String(value).trim()
  return ABSENT.has(text.toLowerCase()) ? undefined : text
}

/** What is no number stays as it is, so that the check of the row names it. */
export function numberCell(value: unknown): unknown {
  if (typeof value === 'number') return value
  const text = textCell(value)
  if (text === undefined) return undefined
  const number = Number(text)
  return Number.isNaN(number) ? text : number
}

export function booleanCell(value: unknown): unknown {
  if (typeof value === 'boolean') return value
  const text = textCell(value)?.toLowerCase()
  if (text === undefined) return undefined
  return { true: true, yes: true, '1': true, false: false, no: false, '0': false }[text] ?? text
}

export const COMPASS: Readonly<Record<string, number>> = {
  n: 0,
  north: 0,
  ne: 45,
  northeast: 45,
  e: 90,
  east: 90,
  se: 135,
  southeast: 135,
  s: 180,
  south: 180,
  sw: 225,
  southwest: 225,
  w: 270,
  west: 270,
  nw: 315,
  northwest: 315,
}

/** Degrees, or a compass point; undefined for words that are no direction. */
export function headingCell(value: unknown): number | undefined {
  const number = numberCell(value)
  if (typeof number === 'number') return number
  const word = textCell(value)
    ?.toLowerCase()
    .replace(/[\s-]|bound$/g, '')
  return word === undefined ? undefined : COMPASS[word]
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
