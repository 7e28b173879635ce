import { useEffect, useRef } from 'react'
import { LiveConnection } from '../../live/live-connection.ts'

const WIDTH = 256
const HEIGHT = 144

/** The newest pictures of one camera with their boxes; its connection lives as long as it is shown. */
export function LiveThumbnail({ cameraId }: { readonly cameraId: string }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const connection = new LiveConnection()
    const canvas = document.createElement('canvas')
    canvas.className = 'absolute inset-0 size-full'
    frame.current!.append(canvas)
    connection.attach(cameraId, canvas)
    const ratio = Math.min(devicePixelRatio, 2)
    connection.resize(cameraId, WIDTH * ratio, HEIGHT * ratio)
    connection.show(cameraId, true)
    return () => {
      connection.close()
      canvas.remove()
    }
  }, [cameraId])
  return <div ref={frame} className="relative aspect-video w-64 bg-video" />
}
