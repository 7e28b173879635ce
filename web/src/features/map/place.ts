/** Where the map looks, as it stands in the address. */
export interface View {
  readonly latitude: number
  readonly longitude: number
  readonly zoom: number
}

/** `48.1371,11.5754,14` to a view; undefined for anything else. */
export function parseView(text: string | null): View | undefined {
  const [latitude, longitude, zoom, ...rest] = (text ?? '').split(',').map(Number)
  if (rest.length > 0 || ![latitude, longitude, zoom].every(Number.isFinite)) return undefined
  const isOnEarth = Math.abs(latitude!) <= 85 && Math.abs(longitude!) <= 180 && zoom! >= 0 && zoom! <= 24
  return isOnEarth ? { latitude: latitude!, longitude: longitude!, zoom: zoom! } : undefined
}

/** As exact as a camera's place is worth at that zoom. */
export function printView({ latitude, longitude, zoom }: View): string {
  const digits = Math.max(1, Math.min(6, Math.round(zoom / 3)))
  return [latitude.toFixed(digits), longitude.toFixed(digits), zoom.toFixed(1)].join(',')
}
