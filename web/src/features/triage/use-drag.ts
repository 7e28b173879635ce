import { type PointerEvent as ReactPointerEvent, type RefObject, useState } from 'react'
import { follow, type Point, pointIn } from '../../lib/pointer.ts'
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
      cancel: () => setRectangle(undefined),
      end: () => {
        setRectangle(undefined)
        if (last && last.width > LEAST && last.height > LEAST) drawn(last)
      },
    })
  }
  return { rectangle, onPointerDown }
}

function between(a: Point, b: Point): Rectangle {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)]
  return { x, y, width: Math.max(a.x, b.x) - x, height: Math.max(a.y, b.y) - y }
}
