import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useKeys } from '../../lib/keys.ts'
import { scrollTo } from '../../lib/virtual-range.ts'
import type { LoggedEvent } from './api/events.ts'

interface EventKeys {
  readonly events: readonly LoggedEvent[]
  readonly opened: string | undefined
  readonly scroller: RefObject<HTMLElement | null>
  /** Pixels. */
  readonly rowHeight: number
  readonly open: (event: LoggedEvent) => void
  readonly close: () => void
  readonly toTop: () => void
}

/** From event to event, each opened as one comes to it. */
export function useEventKeys({ events, opened, scroller, rowHeight, open, close, toTop }: EventKeys): void {
  const { t } = useTranslation()
  const go = (by: 1 | -1): void => {
    const element = scroller.current!
    const { scrollTop: top, clientHeight: height } = element
    const from = events.findIndex(({ id }) => id === opened)
    const first = Math.ceil(top / rowHeight)
    const to = from < 0 ? first : Math.min(events.length - 1, Math.max(0, from + by))
    const event = events[to]
    if (!event) return
    const scrolled = scrollTo(to, { top, height, rowHeight })
    if (scrolled !== undefined) element.scrollTop = scrolled
    open(event)
  }
  useKeys(t('events.title'), [
    { keys: 'ArrowDown', label: t('events.next'), run: () => go(1) },
    { keys: 'ArrowUp', label: t('events.previous'), run: () => go(-1) },
    { keys: 'j', run: () => go(1) },
    { keys: 'k', run: () => go(-1) },
    { keys: 'Home', label: t('events.newest'), run: toTop },
    {
      keys: 'End',
      label: t('events.oldest'),
      run: () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight }),
    },
    { keys: 'Escape', label: t('close'), run: close },
  ])
}
