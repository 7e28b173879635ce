import type { FeatureCollection } from 'geojson'
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { FEATURE_ID } from './camera-features.ts'
import { graticule } from './features.ts'
import type { Ground } from './ground.ts'

export interface Colours {
  readonly canvas: string
  readonly surface: string
  readonly raised: string
  readonly line: string
  readonly text: string
  readonly muted: string
  readonly accent: string
  readonly accentText: string
  readonly good: string
  readonly warn: string
  readonly bad: string
}

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] }
/** Degrees between the meridians. */
const STEP = 10
export const CLUSTER_UNTIL_ZOOM = 13
const CLUSTER_PIXELS = 46

/** The colours of the page as they are now. */
export function pageColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    canvas: of('canvas'),
    surface: of('surface'),
    raised: of('raised'),
    line: of('line'),
    text: of('text'),
    muted: of('muted'),
    accent: of('accent'),
    accentText: of('accent-text'),
    good: of('good'),
    warn: of('warn'),
    bad: of('bad'),
  }
}

export function colourOfLook(colours: Colours): Readonly<Record<'online' | 'offline' | 'waiting' | 'off', string>> {
  return { online: colours.good, offline: colours.bad, waiting: colours.warn, off: colours.muted }
}

/** The cameras above a ground, or above what needs no other server: the countries and the built-in city. */
export function mapStyle(
  colours: Colours,
  city: string,
  ground: Ground = offlineGround(colours, city),
): StyleSpecification {
  return {
    version: 8,
    ...ground,
    sources: {
      ...ground.sources,
      cameras: {
        type: 'geojson',
        data: EMPTY,
        promoteId: FEATURE_ID,
        cluster: true,
        clusterMaxZoom: CLUSTER_UNTIL_ZOOM,
        clusterRadius: CLUSTER_PIXELS,
        clusterProperties: { offline: ['+', ['case', ['==', ['get', 'look'], 'offline'], 1, 0]] },
      },
    },
    layers: [...ground.layers, ...cameraLayers(colours)],
  }
}

function offlineGround(colours: Colours, city: string): Ground {
  return {
    sources: {
      land: { type: 'geojson', data: EMPTY },
      graticule: { type: 'geojson', data: graticule(STEP) },
      city: { type: 'geojson', data: city },
    },
    layers: [...groundLayers(colours), ...cityLayers(colours)],
  }
}

function groundLayers({ canvas, surface, line }: Colours): LayerSpecification[] {
  return [
    { id: 'sea', type: 'background', paint: { 'background-color': canvas } },
    { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': line, 'line-width': 0.6 } },
    { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': surface } },
    { id: 'borders', type: 'line', source: 'land', paint: { 'line-color': line, 'line-width': 1 } },
  ]
}

function cityLayers({ surface, raised, line, muted, good }: Colours): LayerSpecification[] {
  const fill = (kind: string, colour: string, opacity = 1): LayerSpecification => ({
    id: `city-${kind}`,
    type: 'fill',
    source: 'city',
    filter: ['==', ['get', 'kind'], kind],
    paint: { 'fill-color': colour, 'fill-opacity': opacity },
  })
  return [
    fill('ground', surface),
    fill('park', good, 0.16),
    fill('road', line),
    fill('building', raised),
    {
      id: 'city-walls',
      type: 'line',
      source: 'city',
      filter: ['==', ['get', 'kind'], 'building'],
      paint: { 'line-color': muted, 'line-opacity': 0.35, 'line-width': 0.8 },
    },
    {
      id: 'city-trees',
      type: 'circle',
      source: 'city',
      minzoom: 15,
      filter: ['==', ['get', 'kind'], 'tree'],
      paint: {
        'circle-color': good,
        'circle-opacity': 0.28,
        'circle-radius': ['interpolate', ['exponential', 2], ['zoom'], 15, 1.5, 20, 26],
      },
    },
  ]
}

const FONT = ['sans-serif']

function cameraLayers(colours: Colours): LayerSpecification[] {
  const { surface, text, accent, accentText, bad } = colours
  const look = colourOfLook(colours)
  const byLook = [
    'match',
    ['get', 'look'],
    'online',
    look.online,
    'offline',
    look.offline,
    'waiting',
    look.waiting,
    look.off,
  ]
  const single: LayerSpecification['filter' & keyof LayerSpecification] = ['!', ['has', 'point_count']] as never
  const halo = { 'text-color': text, 'text-halo-color': surface, 'text-halo-width': 1.6 } as const
  return [
    {
      id: 'cones',
      type: 'symbol',
      source: 'cameras',
      filter: ['all', single, ['!=', ['get', 'heading'], null]] as never,
      layout: {
        'icon-image': ['concat', 'cone-', ['get', 'look']],
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 4, 0.3, 17, 1],
      },
    },
    {
      id: 'selected',
      type: 'circle',
      source: 'cameras',
      filter: ['==', ['get', 'id'], ''],
      paint: { 'circle-radius': 13, 'circle-color': accent, 'circle-opacity': 0.3 },
    },
    {
      id: 'dots',
      type: 'circle',
      source: 'cameras',
      filter: single,
      paint: {
        'circle-color': byLook as never,
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 3, 3.5, 14, 7],
        'circle-stroke-color': surface,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'names',
      type: 'symbol',
      source: 'cameras',
      minzoom: CLUSTER_UNTIL_ZOOM,
      filter: single,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': 12,
        'text-offset': [0, 1.1],
        'text-anchor': 'top',
      },
      paint: halo,
    },
    {
      id: 'seen',
      type: 'symbol',
      source: 'cameras',
      filter: ['all', single, ['!=', ['get', 'seen'], '']] as never,
      layout: {
        'text-field': ['get', 'seen'],
        'text-font': FONT,
        'text-size': 13,
        'text-offset': [0, -1.1],
        'text-anchor': 'bottom',
        'text-allow-overlap': true,
      },
      paint: halo,
    },
    {
      id: 'clusters',
      type: 'circle',
      source: 'cameras',
      filter: ['has', 'point_count'],
      paint: {
        'circle-color': accent,
        'circle-radius': ['step', ['get', 'point_count'], 14, 25, 18, 250, 23, 1000, 28],
        'circle-stroke-width': 3,
        'circle-stroke-color': ['case', ['>', ['get', 'offline'], 0], bad, surface],
      },
    },
    {
      id: 'counts',
      type: 'symbol',
      source: 'cameras',
      filter: ['has', 'point_count'],
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': FONT,
        'text-size': 12,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': accentText },
    },
  ]
}
