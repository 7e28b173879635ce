import { useEffect, useState } from 'react'
import type { Overlay } from './worker/protocol.ts'

export const LAYOUTS = ['auto', '1', '4', '9', '16', '25'] as const
export type Layout = (typeof LAYOUTS)[number]

/** How a person has arranged the live page; kept in the browser. */
export interface Arrangement {
  readonly layout: Layout
  readonly overlay: Overlay
  readonly isMeasured: boolean
  /** Ids of cameras in the order they were dragged to; all others follow. */
  readonly order: readonly string[]
}

const KEY = 'sentinel-live'
const FIRST: Arrangement = {
  layout: 'auto',
  overlay: { boxes: true, tracks: false, labels: true, confidence: false, zones: true },
  isMeasured: true,
  order: [],
}

export function useArrangement(): [Arrangement, (change: Partial<Arrangement>) => void] {
  const [arrangement, setArrangement] = useState(stored)
  useEffect(() => localStorage.setItem(KEY, JSON.stringify(arrangement)), [arrangement])
  return [arrangement, (change) => setArrangement((before) => ({ ...before, ...change }))]
}

/** What another version has stored may lack something. */
function stored(): Arrangement {
  const text = localStorage.getItem(KEY)
  if (!text) return FIRST
  const found = JSON.parse(text) as Partial<Arrangement>
  const layout = LAYOUTS.find((each) => each === found.layout) ?? FIRST.layout
  return { ...FIRST, ...found, layout, overlay: { ...FIRST.overlay, ...found.overlay } }
}
