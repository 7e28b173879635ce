import { type RefObject, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoggedEvent } from '../api/events.ts'
import { EventRow } from './event-row.tsx'

interface EventGridProps {
  readonly scroller: RefObject<HTMLElement | null>
  readonly events: readonly LoggedEvent[]
  readonly start: number
  readonly end: number
  readonly rowHeight: number
  readonly chosen: string | undefined
  readonly hasOlder: boolean
  readonly onChoose: (event: LoggedEvent) => void
  readonly onNearEnd: () => void
}

/** Rows before the end at which older ones are asked for. */
const AHEAD = 200

/** As many rows as fit the window, of a list of any length. */
export function EventGrid(props: EventGridProps) {
  const { scroller, events, start, end, rowHeight, chosen, hasOlder, onChoose, onNearEnd } = props
  const { t } = useTranslation()
  const isNearEnd = hasOlder && end > events.length - AHEAD
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again with each page, as long as the end is near
  useEffect(() => {
    if (isNearEnd) onNearEnd()
  }, [isNearEnd, events.length])
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label={t('events.title')}
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-offset-[-2px]"
    >
      <ol className="relative" style={{ height: events.length * rowHeight }}>
        {events.slice(start, end).map((event, i) => (
          <EventRow
            key={event.id}
            event={event}
            index={start + i}
            height={rowHeight}
            isChosen={event.id === chosen}
            onChoose={onChoose}
          />
        ))}
      </ol>
      {hasOlder && <p className="p-3 text-center text-muted text-xs">{t('events.loadingOlder')}</p>}
    </section>
  )
}
