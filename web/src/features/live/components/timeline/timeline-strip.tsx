import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../../components/ui/button.tsx'
import { Icon } from '../../../../components/ui/icon.tsx'
import { colourOf } from '../../../../lib/class-colours.ts'
import { pointIn } from '../../../../lib/pointer.ts'
import { timeText } from '../../../../lib/times.ts'
import {
  afterKey,
  barOf,
  highestOf,
  MINUTES,
  type Minute,
  markKindOf,
  middleOf,
  minuteAt,
  momentAt,
  shareOf,
  type Timeline,
  tensOf,
} from '../../timeline/timeline.ts'
import { useMinuteWords } from '../../timeline/use-minute-words.ts'
import { MarkSign } from './mark-sign.tsx'

interface TimelineStripProps {
  readonly timeline: Timeline
  /** Why it is not up to date; empty while it is. */
  readonly problem: string
  /** The minute that is open, by its beginning, ms since the epoch. */
  readonly opened: number | undefined
  /** Of the picture that is shown while paused, ms since the epoch. */
  readonly playhead: number | undefined
  /** @param at the moment that was pointed at, ms since the epoch. */
  readonly onOpen: (minute: Minute, at: number) => void
  readonly onTable: () => void
}

/** The last hour under the picture: a bar for each minute, what happened above it, and the numbers of the one pointed at. */
export function TimelineStrip({ timeline, problem, opened, playhead, onOpen, onTable }: TimelineStripProps) {
  const { t } = useTranslation()
  const wordsOf = useMinuteWords()
  const [pointed, setPointed] = useState<number>()
  const shown = pointed ?? indexOf(timeline, opened)
  const words = problem || (shown === undefined ? t('timeline.help') : wordsOf(timeline.minutes[shown]!))
  return (
    <section aria-label={t('timeline.title')} className="shrink-0 border-white/10 border-t bg-video text-white">
      <div className="flex items-center gap-3 px-3 pt-1 text-xs sm:px-4">
        <span aria-hidden="true" className="shrink-0 font-medium max-sm:hidden">
          {t('timeline.title')}
        </span>
        <p className="min-w-0 flex-1 truncate text-white/75 tabular-nums" data-timeline-words>
          {words}
        </p>
        <span className="-my-1 [&_button:hover]:bg-white/10 [&_button]:text-white/80">
          <Button kind="quiet" label={t('timeline.table')} onClick={onTable}>
            <Icon name="table" />
          </Button>
        </span>
      </div>
      <Track
        timeline={timeline}
        shown={shown}
        playhead={playhead === undefined ? undefined : shareOf(timeline, playhead)}
        onPoint={setPointed}
        onOpen={(minute, at) => onOpen(minute, at)}
      />
      <Clock timeline={timeline} />
    </section>
  )
}

function indexOf({ minutes }: Timeline, at: number | undefined): number | undefined {
  const index = minutes.findIndex((minute) => minute.at === at)
  return index < 0 ? undefined : index
}

interface TrackProps {
  readonly timeline: Timeline
  /** Which minute's numbers are shown. */
  readonly shown: number | undefined
  /** Share of the width. */
  readonly playhead: number | undefined
  readonly onPoint: (index: number | undefined) => void
  readonly onOpen: (minute: Minute, at: number) => void
}

/** Pointed at by mouse or finger, or moved along by keys. */
function Track({ timeline, shown, playhead, onPoint, onOpen }: TrackProps) {
  const { t } = useTranslation()
  const wordsOf = useMinuteWords()
  const track = useRef<HTMLDivElement>(null)
  const at = shown ?? MINUTES - 1
  const indexUnder = (event: PointerEvent): number => minuteAt(pointIn(track.current!, event).x)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const next = afterKey(event.key, at)
    if (next !== undefined) onPoint(next)
    else if (event.key === 'Enter' || event.key === ' ') onOpen(timeline.minutes[at]!, middleOf(timeline.minutes[at]!))
    else if (event.key === 'Escape') event.currentTarget.blur()
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={track}
      role="slider"
      tabIndex={0}
      aria-label={t('timeline.slider')}
      aria-valuemin={0}
      aria-valuemax={MINUTES - 1}
      aria-valuenow={at}
      aria-valuetext={wordsOf(timeline.minutes[at]!)}
      onKeyDown={onKeyDown}
      onBlur={() => onPoint(undefined)}
      // The keys stay those of the picture after a click.
      onMouseDown={(event) => event.preventDefault()}
      onPointerMove={(event) => onPoint(indexUnder(event))}
      onPointerDown={(event) => onPoint(indexUnder(event))}
      onPointerLeave={() => onPoint(undefined)}
      onClick={(event) => {
        const { x } = pointIn(track.current!, event)
        onOpen(timeline.minutes[minuteAt(x)]!, momentAt(timeline, x))
      }}
      className="relative mx-3 h-14 cursor-pointer touch-pan-y focus-visible:outline-2 focus-visible:outline-white focus-visible:outline-offset-2 sm:mx-4"
    >
      <Bars minutes={timeline.minutes} shown={shown} />
      {timeline.minutes.map((minute, i) => (
        <MarkSign key={minute.at} kind={markKindOf(minute.marks)} index={i} />
      ))}
      {playhead !== undefined && (
        <span className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white" style={{ left: `${playhead * 100}%` }} />
      )}
    </div>
  )
}

interface BarsProps {
  readonly minutes: readonly Minute[]
  readonly shown: number | undefined
}

/** Heights of 100 from the bottom; a minute that was looked at has a line even where nothing was seen. */
function Bars({ minutes, shown }: BarsProps) {
  const highest = highestOf(minutes)
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${MINUTES} 100`}
      preserveAspectRatio="none"
      className="pointer-events-none absolute inset-x-0 top-3 bottom-0 h-11 w-full"
    >
      {shown !== undefined && <rect x={shown} y="0" width="1" height="100" fill="rgb(255 255 255 / 0.16)" />}
      {minutes.map((minute, i) => (
        <g key={minute.at}>
          <rect
            x={i + 0.1}
            y="97"
            width="0.8"
            height="3"
            fill={`rgb(255 255 255 / ${minute.frames > 0 ? 0.6 : 0.12})`}
          />
          {barOf(minute, highest).map(({ class: name, from, to }) => (
            <rect
              key={name}
              x={i + 0.1}
              y={97 - to * 95}
              width="0.8"
              height={(to - from) * 95}
              fill={colourOf(name)}
              opacity={shown === undefined || shown === i ? 1 : 0.75}
            />
          ))}
        </g>
      ))}
    </svg>
  )
}

function Clock({ timeline }: { readonly timeline: Timeline }) {
  const { i18n } = useTranslation()
  return (
    <div aria-hidden="true" className="relative mx-3 mt-0.5 h-4 text-[0.625rem] text-white/60 tabular-nums sm:mx-4">
      {tensOf(timeline).map((at) => (
        <span
          key={at}
          className="absolute -translate-x-1/2 max-sm:even:hidden"
          style={{ left: `${shareOf(timeline, at)! * 100}%` }}
        >
          {timeText(new Date(at), i18n.language, 'minute')}
        </span>
      ))}
    </div>
  )
}
