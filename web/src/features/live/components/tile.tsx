import { type DragEvent, type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { useCanvas } from '../use-canvas.ts'
import { useTileState } from '../use-tile-state.ts'
import { Absence } from './absence.tsx'

const TYPE = 'application/x-sentinel-camera'

interface TileProps {
  readonly camera: WatchedCamera
  readonly connection: LiveConnection
  /** The name lies on the picture. */
  readonly isTight: boolean
  readonly isMeasured: boolean
  readonly onDropped: (camera: string) => void
  readonly onMove: (by: number) => void
}

/** One camera: click for the focus view, drag (or Shift and the arrows) to another place. */
export function Tile({ camera, connection, isTight, isMeasured, onDropped, onMove }: TileProps) {
  const { t } = useTranslation()
  const frame = useCanvas(camera.id, connection)
  const { isOffline, isShowing, reason, advice, measured } = useTileState(camera, connection)
  const drop = useDrop(camera.id, onDropped)
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.shiftKey ? { ArrowLeft: -1, ArrowRight: 1 }[event.key] : undefined
    if (!by) return
    event.preventDefault()
    onMove(by)
  }
  return (
    <li
      {...drop.target}
      data-camera={camera.id}
      onPointerEnter={() => connection.hover(camera.id)}
      onPointerLeave={() => connection.hover(undefined)}
      onFocus={() => connection.hover(camera.id)}
      onBlur={() => connection.hover(undefined)}
      className={`group relative overflow-hidden bg-surface ${isTight ? '' : 'rounded-lg border border-line'} ${
        drop.isOver ? 'outline-2 outline-accent -outline-offset-2' : ''
      }`}
    >
      <Link
        to={{ search: `?focus=${encodeURIComponent(camera.id)}` }}
        draggable
        onDragStart={drop.start}
        onKeyDown={onKeyDown}
        className="block -outline-offset-2"
      >
        <span className="sr-only">{t('live.focusOn', { name: camera.name })}</span>
        <div ref={frame} className="relative aspect-video bg-video">
          {reason && <Absence reason={reason} advice={advice} />}
        </div>
      </Link>
      <div
        className={
          isTight
            ? 'pointer-events-none absolute inset-x-0 bottom-0 flex items-center gap-2 bg-gradient-to-t from-black/80 to-transparent px-2.5 pt-5 pb-1.5 text-white text-xs'
            : 'flex items-center gap-2 px-3 py-2'
        }
      >
        <span
          aria-hidden="true"
          className={`size-2 shrink-0 rounded-full ${isOffline ? 'bg-bad' : isShowing ? 'bg-good' : 'bg-muted'}`}
        />
        <span className="truncate font-medium">{camera.name}</span>
        <span className="sr-only">{isOffline ? t('state.OFFLINE') : t('state.ONLINE')}</span>
        {isMeasured && measured && (
          <span className={`ml-auto shrink-0 text-xs tabular-nums ${isTight ? 'text-white/85' : 'text-muted'}`}>
            {measured}
          </span>
        )}
      </div>
    </li>
  )
}

/** Takes other tiles that are dropped on it. */
function useDrop(camera: string, onDropped: (camera: string) => void) {
  const [isOver, setIsOver] = useState(false)
  const carries = (event: DragEvent): boolean => event.dataTransfer.types.includes(TYPE)
  return {
    isOver,
    start: (event: DragEvent) => {
      event.dataTransfer.setData(TYPE, camera)
      event.dataTransfer.effectAllowed = 'move'
    },
    target: {
      onDragOver: (event: DragEvent) => {
        if (!carries(event)) return
        event.preventDefault()
        setIsOver(true)
      },
      onDragLeave: () => setIsOver(false),
      onDrop: (event: DragEvent) => {
        event.preventDefault()
        setIsOver(false)
        const dragged = event.dataTransfer.getData(TYPE)
        if (dragged && dragged !== camera) onDropped(dragged)
      },
    },
  }
}
