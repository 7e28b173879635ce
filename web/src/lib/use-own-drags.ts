import { type RefObject, useEffect } from 'react'

/**
 * What a finger drags on this element is the element's own. Browsers take a finger that goes up while it moves for a fling even
 * where nothing can scroll (`touch-action: none`), and then swallow the next tap, as if it were to stop that.
 */
export function useOwnDrags(element: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const target = element.current!
    const keep = (event: TouchEvent): void => event.preventDefault()
    target.addEventListener('touchmove', keep, { passive: false })
    return () => target.removeEventListener('touchmove', keep)
  }, [element])
}
