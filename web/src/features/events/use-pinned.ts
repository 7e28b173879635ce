import { useState } from 'react'

interface Identified {
  readonly id: string
}

/**
 * Holds the list still while somebody reads further down: what came after the event that was on top is counted, not shown.
 *
 * @param isAtTop whether the newest are looked at.
 */
export function usePinned<Event extends Identified>(events: readonly Event[], isAtTop: boolean) {
  const [pinned, setPinned] = useState<string>()
  const top = events[0]?.id
  if (!isAtTop && pinned === undefined && top !== undefined) setPinned(top)
  if (isAtTop && pinned !== undefined) setPinned(undefined)
  const fresh =
    isAtTop || pinned === undefined
      ? 0
      : Math.max(
          0,
          events.findIndex(({ id }) => id === pinned),
        )
  return { shown: fresh === 0 ? events : events.slice(fresh), fresh }
}
