import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'

/** What lies under the cameras, from another server: its names begin with `ground:`, so that none is one of ours. */
export type Ground = Pick<StyleSpecification, 'sources' | 'layers' | 'glyphs' | 'sprite'>

const PREFIX = 'ground:'

/**
 * Reads a MapLibre style, version 8.
 *
 * @param url where it came from; addresses in it may be relative to it.
 * @throws Error that says what is wrong with it.
 */
export function groundOf(style: unknown, url: string): Ground {
  if (!isStyle(style)) throw new Error('it is no MapLibre style of version 8')
  const { sources, layers, glyphs, sprite } = style
  const missing = layers.find((layer) => 'source' in layer && !(String(layer.source) in sources))
  if (missing) throw new Error(`its layer ${missing.id} has no source`)
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [PREFIX + name, withAddresses(source, url)]),
    ),
    layers: layers.map(renamed),
    ...(glyphs !== undefined && { glyphs: absolute(glyphs, url) }),
    ...(typeof sprite === 'string' && { sprite: absolute(sprite, url) }),
    ...(Array.isArray(sprite) && { sprite: sprite.map((each) => ({ ...each, url: absolute(each.url, url) })) }),
  }
}

function isStyle(value: unknown): value is StyleSpecification {
  if (typeof value !== 'object' || value === null) return false
  const { version, sources, layers } = value as Partial<Record<keyof StyleSpecification, unknown>>
  return version === 8 && typeof sources === 'object' && sources !== null && Array.isArray(layers)
}

function renamed(layer: LayerSpecification): LayerSpecification {
  const id = PREFIX + layer.id
  return 'source' in layer && typeof layer.source === 'string'
    ? { ...layer, id, source: PREFIX + layer.source }
    : { ...layer, id }
}

function withAddresses(source: SourceSpecification, url: string): SourceSpecification {
  const { tiles, url: own, data } = source as { tiles?: string[]; url?: string; data?: unknown }
  return {
    ...source,
    ...(tiles && { tiles: tiles.map((each) => absolute(each, url)) }),
    ...(own !== undefined && { url: absolute(own, url) }),
    ...(typeof data === 'string' && { data: absolute(data, url) }),
  } as SourceSpecification
}

/** The braces of a template such as `{z}/{x}/{y}` stay as they are. */
function absolute(address: string, base: string): string {
  return new URL(address, base).href.replaceAll('%7B', '{').replaceAll('%7D', '}')
}

const WITHIN_MS = 15_000

/** @throws Error that says why it did not load. */
export async function loadGround(url: string): Promise<Ground> {
  const response = await fetch(url, { signal: AbortSignal.timeout(WITHIN_MS) })
  if (!response.ok) throw new Error(`its server answers ${response.status}`)
  const style: unknown = await response.json().catch(() => undefined)
  return groundOf(style, response.url || url)
}
