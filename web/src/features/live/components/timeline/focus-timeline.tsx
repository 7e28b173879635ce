import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Minute, middleOf, type Timeline } from '../../timeline/timeline.ts'
import { TimelineStrip } from './timeline-strip.tsx'
import { TimelineTable } from './timeline-table.tsx'

interface FocusTimelineProps {
  /** Undefined before the first answer. */
  readonly timeline: Timeline | undefined
  readonly problem: string
  readonly opened: Minute | undefined
  readonly playhead: number | undefined
  /** @param at the moment that was pointed at, ms since the epoch. */
  readonly onOpen: (minute: Minute, at: number) => void
}

/** The last hour of the camera in focus, as bars or as a table. */
export function FocusTimeline({ timeline, problem, opened, playhead, onOpen }: FocusTimelineProps) {
  const { t } = useTranslation()
  const [isTable, setIsTable] = useState(false)
  if (!timeline) {
    return <p className="h-25 shrink-0 bg-video px-4 py-2 text-white/75 text-xs">{problem || t('loading')}</p>
  }
  return (
    <>
      <TimelineStrip
        timeline={timeline}
        problem={problem}
        opened={opened?.at}
        playhead={playhead}
        onOpen={onOpen}
        onTable={() => setIsTable(true)}
      />
      {isTable && (
        <TimelineTable
          timeline={timeline}
          onOpen={(minute) => {
            setIsTable(false)
            onOpen(minute, middleOf(minute))
          }}
          onClose={() => setIsTable(false)}
        />
      )}
    </>
  )
}
