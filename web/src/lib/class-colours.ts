/** Far apart in hue, and readable on asphalt by day and by night. */
const COLOURS: Readonly<Record<string, string>> = {
  person: '#ffb74d',
  bicycle: '#81d4fa',
  motorcycle: '#ce93d8',
  car: '#5fe3c8',
  bus: '#fff176',
  truck: '#ff8a80',
}
const OTHER = '#e0e0e0'

export function colourOf(name: string): string {
  return COLOURS[name] ?? OTHER
}
