import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { follow, pointIn } from '../../../../lib/pointer.ts'
import { useOwnDrags } from '../../../../lib/use-own-drags.ts'
import type { Point } from '../../api/zones.ts'
import { type Draft, withoutPoint, withPoint, withPointAt } from '../../zones/draft.ts'

/** Of the picture, for one press of an arrow key. */
const STEP = 0.005
const LONG_STEP = 0.05
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

interface ZoneCanvasProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  /** Width by height of the picture. */
  readonly ratio: number
}

/** Lies over the picture: a point is put where the pointer goes up, dragged, or moved by the arrows and taken away by Delete. */
export function ZoneCanvas({ draft, onChange, ratio }: ZoneCanvasProps) {
  const { t } = useTranslation()
  const frame = useRef<HTMLDivElement>(null)
  useOwnDrags(frame)
  const add = (event: PointerEvent) => {
    if (event.button !== 0 || event.target !== event.currentTarget) return
    const place = (at: { clientX: number; clientY: number }) => onChange(withPoint(draft, pointIn(frame.current!, at)))
    place(event)
    follow(event, { move: place })
  }
  const drag = (index: number) => (event: PointerEvent) => {
    if (event.button !== 0) return
    follow(event, { move: (moved) => onChange(withPointAt(draft, index, pointIn(frame.current!, moved))) })
  }
  const onKey = (index: number) => (event: KeyboardEvent) => {
    const changed = changedByKey(draft, index, event)
    if (!changed) return
    event.preventDefault()
    onChange(changed)
  }
  return (
    <div className="@container-size absolute inset-0 z-20 flex items-center justify-center">
      <div
        ref={frame}
        data-zone-canvas
        onPointerDown={add}
        className="relative cursor-crosshair touch-none"
        style={{ width: `min(100cqw, 100cqh * ${ratio})`, aspectRatio: ratio }}
      >
        <Shape draft={draft} />
        {draft.points.map(({ x, y }, i) => (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a point has no name but its place in the row
            key={i}
            type="button"
            onPointerDown={drag(i)}
            onKeyDown={onKey(i)}
            aria-label={t('zones.point', { at: i + 1, x: percent(x), y: percent(y) })}
            className="absolute size-6 -translate-1/2 cursor-move touch-none rounded-full pointer-coarse:size-11"
            style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
          >
            <span className="pointer-events-none absolute inset-0 m-auto size-3 rounded-full border-2 border-[#9fb4ff] bg-black" />
          </button>
        ))}
      </div>
    </div>
  )
}

function Shape({ draft: { kind, points } }: Pick<ZoneCanvasProps, 'draft'>) {
  const Tag = kind === 'AREA' ? 'polygon' : 'polyline'
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 100 100"
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-0 size-full"
    >
      <Tag
        points={points.map(({ x, y }) => `${x * 100},${y * 100}`).join(' ')}
        fill={kind === 'AREA' ? 'rgb(159 180 255 / 0.18)' : 'none'}
        stroke="#9fb4ff"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

function changedByKey(draft: Draft, index: number, { key, shiftKey }: KeyboardEvent): Draft | undefined {
  if (key === 'Delete' || key === 'Backspace') return withoutPoint(draft, index)
  const arrow = ARROWS[key]
  if (!arrow) return undefined
  const step = shiftKey ? LONG_STEP : STEP
  const { x, y }: Point = draft.points[index]!
  return withPointAt(draft, index, { x: x + arrow[0] * step, y: y + arrow[1] * step })
}

function percent(share: number): number {
  return Math.round(share * 100)
}
