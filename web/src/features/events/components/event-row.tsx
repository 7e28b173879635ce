import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { recentText } from '../../../lib/times.ts'
import type { LoggedEvent } from '../api/events.ts'
import { signOf, typeKey, useDetail } from '../words.ts'

interface EventRowProps {
  readonly event: LoggedEvent
  /** From 0, the newest first. */
  readonly index: number
  /** Pixels. */
  readonly height: number
  readonly isChosen: boolean
  readonly onChoose: (event: LoggedEvent) => void
}

/** Drawn again only when its event or its place changes: a busy street moves many. */
export const EventRow = memo(function EventRow({ event, index, height, isChosen, onChoose }: EventRowProps) {
  const { t, i18n } = useTranslation()
  const detail = useDetail(event)
  return (
    <li
      aria-posinset={index + 1}
      aria-setsize={-1}
      className="absolute inset-x-0"
      style={{ height, transform: `translateY(${index * height}px)` }}
    >
      <button
        type="button"
        data-event={event.id}
        tabIndex={isChosen ? 0 : -1}
        onClick={() => onChoose(event)}
        className={`grid size-full grid-cols-[1fr_auto] content-center items-center gap-x-4 border-line/70 border-b px-4 text-left outline-offset-[-2px] md:grid-cols-[9.5rem_13rem_minmax(8rem,1fr)_minmax(10rem,2fr)] ${isChosen ? 'bg-accent-soft' : 'hover:bg-surface'}`}
      >
        <time
          dateTime={event.time}
          className="truncate text-muted text-xs tabular-nums max-md:order-2 max-md:text-right"
        >
          {recentText(event.time, i18n.language)}
        </time>
        <span className="flex min-w-0 items-center gap-2 font-medium max-md:order-1">
          <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ background: signOf(event) }} />
          <span className="truncate">{t([typeKey(event.type), event.type])}</span>
        </span>
        <span className="truncate max-md:order-3 max-md:pl-4 max-md:text-muted max-md:text-xs">
          {event.camera?.name ?? ''}
        </span>
        <span className="truncate text-muted max-md:order-4 max-md:text-right max-md:text-xs">{detail}</span>
      </button>
    </li>
  )
})
