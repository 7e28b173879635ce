import type { PointerEvent as ReactPointerEvent } from 'react'

export interface Point {
  readonly x: number
  readonly y: number
}

/** In shares of the element, and within it. */
export function pointIn(element: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = element.getBoundingClientRect()
  const share = (value: number): number => Math.min(1, Math.max(0, value))
  return { x: share((clientX - left) / width), y: share((clientY - top) / height) }
}

interface Following {
  readonly move: (event: PointerEvent) => void
  readonly end?: () => void
  /** In place of `end` when a second finger comes down: then none of it was meant. */
  readonly cancel?: () => void
}

/** Follows the pointer that has just gone down until it goes up, wherever it is. */
export function follow({ pointerId }: ReactPointerEvent, { move, end, cancel = end }: Following): void {
  const stop = new AbortController()
  const ours = (work: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === pointerId) work(event)
  }
  const finish = ours(() => {
    stop.abort()
    end?.()
  })
  const giveUp = (event: PointerEvent) => {
    if (event.pointerId === pointerId) return
    stop.abort()
    cancel?.()
  }
  window.addEventListener('pointerdown', giveUp, { signal: stop.signal, capture: true })
  window.addEventListener('pointermove', ours(move), { signal: stop.signal })
  window.addEventListener('pointerup', finish, { signal: stop.signal })
  window.addEventListener('pointercancel', finish, { signal: stop.signal })
}
