import { type RefObject, useEffect, useRef } from 'react'
import type { LiveConnection } from './live-connection.ts'

/** A canvas of its own for each mount: once it is handed to the worker it cannot be handed over again. */
export function useCanvas(camera: string, connection: LiveConnection): RefObject<HTMLDivElement | null> {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const parent = frame.current!
    const canvas = document.createElement('canvas')
    canvas.className = 'absolute inset-0 size-full'
    parent.prepend(canvas)
    connection.attach(camera, canvas)
    const resizes = new ResizeObserver(() => {
      const ratio = Math.min(devicePixelRatio, 2)
      connection.resize(camera, Math.round(parent.clientWidth * ratio), Math.round(parent.clientHeight * ratio))
    })
    resizes.observe(parent)
    const sight = new IntersectionObserver(([entry]) => connection.show(camera, entry!.isIntersecting), {
      rootMargin: '120px',
    })
    sight.observe(parent)
    return () => {
      resizes.disconnect()
      sight.disconnect()
      connection.detach(camera)
      canvas.remove()
    }
  }, [camera, connection])
  return frame
}
