const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-][01]\d:[0-5]\d)$/i

/** Whether a text is a moment in RFC 3339, with a zone, on a day that exists. */
export function isTime(text: string): boolean {
  const day = TIME.exec(text)?.[1]
  if (day === undefined || day < '0001' || Number.isNaN(Date.parse(text))) return false
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
