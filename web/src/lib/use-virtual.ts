import { type RefObject, useEffect, useState } from 'react'
import { type Range, rangeOf } from './virtual-range.ts'

/** Which rows of a long list are in sight of its scrolled element, and how it is scrolled. */
export function useVirtual(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number) {
  const [view, setView] = useState({ top: 0, height: 0 })
  useEffect(() => {
    const element = scroller.current!
    const look = (): void => setView({ top: element.scrollTop, height: element.clientHeight })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
  const range: Range = rangeOf({ ...view, count, rowHeight })
  return { ...range, isAtTop: view.top < rowHeight / 2 }
}
