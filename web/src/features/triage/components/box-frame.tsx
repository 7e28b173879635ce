import type { CSSProperties, PointerEvent as ReactPointerEvent, RefObject } from 'react'
import { colourOf } from '../../../lib/class-colours.ts'
import { follow, pointIn } from '../../../lib/pointer.ts'
import type { Rectangle } from '../api/triage.ts'
import type { DraftBox } from '../desk/draft.ts'

/** Where a handle is, in shares of the box, and the edges that it drags. */
const HANDLES = [
  { x: 0, y: 0, cursor: 'nwse-resize' },
  { x: 0.5, y: 0, cursor: 'ns-resize' },
  { x: 1, y: 0, cursor: 'nesw-resize' },
  { x: 1, y: 0.5, cursor: 'ew-resize' },
  { x: 1, y: 1, cursor: 'nwse-resize' },
  { x: 0.5, y: 1, cursor: 'ns-resize' },
  { x: 0, y: 1, cursor: 'nesw-resize' },
  { x: 0, y: 0.5, cursor: 'ew-resize' },
] as const

/**
 * The handles of a small box stand away from it, so that what is in it can be seen; for a finger, which needs larger ones,
 * outside of it, so that the box itself can still be taken hold of.
 */
const OF_SMALL =
  '[@container_(max-width:3.5rem)]:ml-(--away-x) [@container_(max-height:3.5rem)]:mt-(--away-y) pointer-coarse:[@container_(max-width:7rem)]:ml-(--far-x) pointer-coarse:[@container_(max-height:7rem)]:mt-(--far-y)'

function away({ x, y }: Pick<(typeof HANDLES)[number], 'x' | 'y'>): CSSProperties {
  return {
    '--away-x': `${x - 0.5}rem`,
    '--away-y': `${y - 0.5}rem`,
    '--far-x': `${(x - 0.5) * 2.75}rem`,
    '--far-y': `${(y - 0.5) * 2.75}rem`,
  } as CSSProperties
}

/** In the middle of an edge that is too short for three of them. */
function hiddenWhen({ x, y }: Pick<(typeof HANDLES)[number], 'x' | 'y'>): string {
  if (x === 0.5) return '[@container_(max-width:3.5rem)]:hidden pointer-coarse:[@container_(max-width:7rem)]:hidden'
  return y === 0.5 ? '[@container_(max-height:3.5rem)]:hidden pointer-coarse:[@container_(max-height:7rem)]:hidden' : ''
}

interface BoxFrameProps {
  readonly box: DraftBox
  readonly isChosen: boolean
  readonly frame: RefObject<HTMLDivElement | null>
  readonly onChoose: () => void
  readonly onPlace: (rectangle: Rectangle) => void
}

/** One box: drag it to move it, drag a handle to change its size. The list beside the picture does the same for keys. */
export function BoxFrame({ box, isChosen, frame, onChoose, onPlace }: BoxFrameProps) {
  const colour = colourOf(box.class)
  const drag = (handle: { x: number; y: number } | undefined) => (event: ReactPointerEvent) => {
    if (event.button !== 0) return
    event.preventDefault()
    onChoose()
    const from = pointIn(frame.current!, event)
    follow(event, {
      move: (moved) => {
        const to = pointIn(frame.current!, moved)
        onPlace(dragged(box, handle, to.x - from.x, to.y - from.y))
      },
      cancel: () => onPlace(box),
    })
  }
  return (
    <div
      aria-hidden="true"
      data-box={box.id}
      onPointerDown={drag(undefined)}
      className={`@container-size absolute cursor-move ${isChosen ? 'z-10' : ''}`}
      style={{
        left: `${box.x * 100}%`,
        top: `${box.y * 100}%`,
        width: `${box.width * 100}%`,
        height: `${box.height * 100}%`,
        boxShadow: `inset 0 0 0 ${isChosen ? 2.5 : 1.5}px ${colour}, 0 0 0 1px rgb(0 0 0 / 0.55)`,
        background: isChosen ? `${colour}22` : undefined,
      }}
    >
      {isChosen && <Label box={box} colour={colour} />}
      {isChosen &&
        HANDLES.map((handle) => (
          <span
            key={handle.cursor + handle.x + handle.y}
            data-handle={`${handle.x},${handle.y}`}
            onPointerDown={(event) => {
              event.stopPropagation()
              drag(handle)(event)
            }}
            className={`absolute flex size-6 -translate-1/2 items-center justify-center pointer-coarse:size-11 ${OF_SMALL} ${hiddenWhen(handle)}`}
            style={{
              left: `${handle.x * 100}%`,
              top: `${handle.y * 100}%`,
              cursor: handle.cursor,
              ...away(handle),
            }}
          >
            <span className="size-2.5 rounded-[3px] border-2 bg-black" style={{ borderColor: colour }} />
          </span>
        ))}
    </div>
  )
}

function Label({ box, colour }: { readonly box: DraftBox; readonly colour: string }) {
  const above = box.y > 0.05
  return (
    <span
      className={`pointer-events-none absolute left-0 whitespace-nowrap rounded-sm px-1.5 py-0.5 font-semibold text-[0.6875rem] text-black ${above ? 'bottom-full mb-1 [@container_(max-height:3.5rem)]:mb-3' : 'top-full mt-1 [@container_(max-height:3.5rem)]:mt-3'}`}
      style={{ background: colour }}
    >
      {box.class}
      {box.score !== null && ` ${Math.round(box.score * 100)} %`}
    </span>
  )
}

/** What becomes of a box whose handle (the whole box without one) has been dragged this far. */
function dragged(
  { x, y, width, height }: Rectangle,
  handle: { readonly x: number; readonly y: number } | undefined,
  dx: number,
  dy: number,
): Rectangle {
  if (!handle) {
    const clampTo = (value: number, high: number): number => Math.min(high, Math.max(0, value))
    return { x: clampTo(x + dx, 1 - width), y: clampTo(y + dy, 1 - height), width, height }
  }
  const [left, right] = edges(x, width, handle.x, dx)
  const [top, bottom] = edges(y, height, handle.y, dy)
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The two edges in order, also when one was dragged past the other. */
function edges(start: number, size: number, handle: number, delta: number): [number, number] {
  const ends: [number, number] = [start + (handle === 0 ? delta : 0), start + size + (handle === 1 ? delta : 0)]
  return ends[0] <= ends[1] ? ends : [ends[1], ends[0]]
}
