import { type PointerEvent as ReactPointerEvent, type RefObject, useRef, useState } from 'react'
import type { Point } from '../../lib/pointer.ts'
import { type Fingers, pinched, WHOLE, type Zoom } from './zoom.ts'

interface Pinch {
  readonly zoom: Zoom
  reset(): void
  /** Of the stage. */
  readonly handlers: {
    onPointerDownCapture(event: ReactPointerEvent): void
    onPointerMoveCapture(event: ReactPointerEvent): void
    onPointerUpCapture(event: ReactPointerEvent): void
    onPointerCancelCapture(event: ReactPointerEvent): void
  }
}

/** Two fingers look closer; what one of them did before the other came down is not meant. */
export function usePinch(stage: RefObject<HTMLElement | null>, picture: RefObject<HTMLElement | null>): Pinch {
  const [zoom, setZoom] = useState(WHOLE)
  const fingers = useRef(new Map<number, Point>())
  const down = (event: ReactPointerEvent): void => {
    if (event.pointerType !== 'touch') return
    fingers.current.set(event.pointerId, fromMiddle(stage.current!, event))
    if (fingers.current.size > 1) event.stopPropagation()
  }
  const move = (event: ReactPointerEvent): void => {
    if (!fingers.current.has(event.pointerId)) return
    const from = two(fingers.current)
    fingers.current.set(event.pointerId, fromMiddle(stage.current!, event))
    const to = two(fingers.current)
    if (!from || !to) return
    const { width, height } = picture.current!.getBoundingClientRect()
    const { clientWidth, clientHeight } = stage.current!
    const fitted = { width: width / zoom.scale, height: height / zoom.scale }
    setZoom((now) => pinched(now, from, to, fitted, { width: clientWidth, height: clientHeight }))
  }
  const up = (event: ReactPointerEvent): void => void fingers.current.delete(event.pointerId)
  return {
    zoom,
    reset: () => setZoom(WHOLE),
    handlers: {
      onPointerDownCapture: down,
      onPointerMoveCapture: move,
      onPointerUpCapture: up,
      onPointerCancelCapture: up,
    },
  }
}

function two(fingers: ReadonlyMap<number, Point>): Fingers | undefined {
  const [a, b, ...more] = [...fingers.values()]
  return a && b && more.length === 0 ? [a, b] : undefined
}

function fromMiddle(stage: HTMLElement, { clientX, clientY }: ReactPointerEvent): Point {
  const { left, top, width, height } = stage.getBoundingClientRect()
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 }
}
