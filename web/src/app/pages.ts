import type { IconName } from '../components/ui/icon.tsx'

interface Page {
  readonly path: string
  readonly name: 'live' | 'map' | 'events' | 'triage' | 'training' | 'datasets' | 'models' | 'cameras' | 'health'
  readonly icon: IconName
  /** Pressed after `g`. */
  readonly key: string
}

/** In the order of the day: what is watched, what is taught, what is kept running. */
export const PAGES: { readonly group: 'watch' | 'teach' | 'run'; readonly pages: readonly Page[] }[] = [
  {
    group: 'watch',
    pages: [
      { path: '/live', name: 'live', icon: 'grid', key: 'l' },
      { path: '/map', name: 'map', icon: 'map', key: 'm' },
      { path: '/events', name: 'events', icon: 'list', key: 'e' },
    ],
  },
  {
    group: 'teach',
    pages: [
      { path: '/triage', name: 'triage', icon: 'check', key: 't' },
      { path: '/training', name: 'training', icon: 'curve', key: 'r' },
      { path: '/datasets', name: 'datasets', icon: 'layers', key: 'd' },
      { path: '/models', name: 'models', icon: 'cube', key: 'o' },
    ],
  },
  {
    group: 'run',
    pages: [
      { path: '/cameras', name: 'cameras', icon: 'camera', key: 'c' },
      { path: '/health', name: 'health', icon: 'pulse', key: 'h' },
    ],
  },
]

export const ALL_PAGES: readonly Page[] = PAGES.flatMap(({ pages }) => pages)
