import { type PointerEvent as ReactPointerEvent, type RefObject, useState } from 'react'
import type { Rectangle } from './api/triage.ts'

/** A drag that is smaller is a click; shares of the picture. */
const LEAST = 0.008

interface DragWork {
  readonly start: () => void
  /** A rectangle has been drawn from corner to corner. */
  readonly drawn: (rectangle: Rectangle) => void
}

/** Draws a new rectangle where nothing is. */
export function useDrag(frame: RefObject<HTMLDivElement | null>, { start, drawn }: DragWork) {
  const [rectangle, setRectangle] = useState<Rectangle>()
  const onPointerDown = (event: ReactPointerEvent) => {
    if (event.button !== 0 || event.defaultPrevented) return
    start()
    const from = pointIn(frame.current!, event)
    let last: Rectangle | undefined
    follow(event, {
      move: (moved) => {
        last = between(from, pointIn(frame.current!, moved))
        setRectangle(last)
      },
      end: () => {
        setRectangle(undefined)
        if (last && last.width > LEAST && last.height > LEAST) drawn(last)
      },
    })
  }
  return { rectangle, onPointerDown }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** In shares of the element, and within it. */
export function pointIn(element: HTMLElement, { clientX, clientY }: { clientX: number; clientY: number }): Point {
  const { left, top, width, height } = element.getBoundingClientRect()
  const share = (value: number): number => Math.min(1, Math.max(0, value))
  return { x: share((clientX - left) / width), y: share((clientY - top) / height) }
}

function between(a: Point, b: Point): Rectangle {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return { x, y, width: Math.max(a.x, b.x) - x, height: Math.max(a.y, b.y) - y }
}

interface Following {
  readonly move: (event: PointerEvent) => void
  readonly end?: () => void
}

/** Follows the pointer that has just gone down until it goes up, wherever it is. */
export function follow({ pointerId }: ReactPointerEvent, { move, end }: Following): void {
  const stop = new AbortController()
  const ours = (work: (event: PointerEvent) => void) => (event: PointerEvent) => {
    if (event.pointerId === pointerId) work(event)
  }
  const finish = ours(() => {
    stop.abort()
    end?.()
  })
  window.addEventListener('pointermove', ours(move), { signal: stop.signal })
  window.addEventListener('pointerup', finish, { signal: stop.signal })
  window.addEventListener('pointercancel', finish, { signal: stop.signal })
}
