import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { Answer } from '../../../../components/ui/answer.tsx'
import { Button } from '../../../../components/ui/button.tsx'
import { Icon } from '../../../../components/ui/icon.tsx'
import { colourOf } from '../../../../lib/class-colours.ts'
import { timeText } from '../../../../lib/times.ts'
import { signOf, typeKey, useDetail } from '../../../events/words.ts'
import { MomentDocument, type MomentEvent } from '../../api/timeline.ts'
import { MINUTE_MS, type Minute } from '../../timeline/timeline.ts'

const EventPanel = lazy(() =>
  import('../../../events/components/event-panel.tsx').then((m) => ({ default: m.EventPanel })),
)

interface MomentPanelProps {
  readonly cameraId: string
  readonly minute: Minute
  /** @param at ms since the epoch. */
  readonly onSeek: (at: number) => void
  readonly onClose: () => void
}

/** A minute of the timeline: its numbers, and what happened in it, each with the picture that was kept of it. */
export function MomentPanel({ cameraId, minute, onSeek, onClose }: MomentPanelProps) {
  const { t, i18n } = useTranslation()
  const [chosen, setChosen] = useState<MomentEvent>()
  if (chosen) {
    return (
      <Suspense>
        <EventPanel id={chosen.id} time={chosen.time} onClose={() => setChosen(undefined)} />
      </Suspense>
    )
  }
  return (
    <aside
      aria-label={t('timeline.about')}
      className="flex shrink-0 flex-col gap-3 overflow-auto border-line bg-surface p-3 max-lg:max-h-[30dvh] max-lg:border-t lg:w-80 lg:border-l"
    >
      <div className="flex items-center justify-between">
        <h2 className="font-semibold tabular-nums">{timeText(new Date(minute.at), i18n.language, 'minute')}</h2>
        <Button kind="quiet" label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </div>
      <Numbers minute={minute} />
      <Happenings
        cameraId={cameraId}
        at={minute.at}
        onChoose={(event) => {
          setChosen(event)
          onSeek(Date.parse(event.time))
        }}
      />
    </aside>
  )
}

function Numbers({ minute: { frames, classes } }: Pick<MomentPanelProps, 'minute'>) {
  const { t } = useTranslation()
  if (frames === 0) return <p className="text-muted text-sm">{t('timeline.notLooked')}</p>
  return (
    <table className="w-full text-sm tabular-nums">
      <caption className="pb-1 text-left text-muted text-xs">{t('timeline.frames', { count: frames })}</caption>
      <thead>
        <tr className="border-line border-b text-muted text-xs">
          <th scope="col" className="py-1 text-left font-medium">
            {t('timeline.classHead')}
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            {t('timeline.detectionsHead')}
          </th>
          <th scope="col" className="py-1 text-right font-medium">
            {t('timeline.mostHead')}
          </th>
        </tr>
      </thead>
      <tbody>
        {classes.map(({ class: name, detections, most }) => (
          <tr key={name} className="border-line border-b last:border-b-0">
            <th scope="row" className="flex items-center gap-2 py-1 text-left font-normal">
              <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: colourOf(name) }} />
              {name}
            </th>
            <td className="py-1 text-right">{detections}</td>
            <td className="py-1 text-right">{most}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface HappeningsProps {
  readonly cameraId: string
  /** Beginning of the minute, ms since the epoch. */
  readonly at: number
  readonly onChoose: (event: MomentEvent) => void
}

function Happenings({ cameraId, at, onChoose }: HappeningsProps) {
  const { t } = useTranslation()
  const variables = { cameraId, from: new Date(at).toISOString(), to: new Date(at + MINUTE_MS).toISOString() }
  const [{ data, error, fetching }, ask] = useQuery({
    query: MomentDocument,
    variables,
    requestPolicy: 'cache-and-network',
  })
  const answer = { data, error, isLoading: fetching, refresh: () => ask({ requestPolicy: 'network-only' }) }
  return (
    <Answer of={answer}>
      {({ events: { edges, pageInfo } }) =>
        edges.length === 0 ? (
          <p className="text-muted text-sm">{t('timeline.noEvents')}</p>
        ) : (
          <>
            <ul aria-label={t('timeline.events')} className="flex flex-col">
              {edges.map(({ node }) => (
                <Happening key={node.id} event={node} onChoose={() => onChoose(node)} />
              ))}
            </ul>
            {pageInfo.hasNextPage && <p className="text-muted text-xs">{t('timeline.moreEvents')}</p>}
          </>
        )
      }
    </Answer>
  )
}

function Happening({ event, onChoose }: { readonly event: MomentEvent; readonly onChoose: () => void }) {
  const { t, i18n } = useTranslation()
  const detail = useDetail(event)
  return (
    <li className="border-line border-b last:border-b-0">
      <button
        type="button"
        onClick={onChoose}
        className="flex min-h-8 w-full items-center gap-2 rounded py-1 text-left text-sm hover:bg-canvas"
      >
        <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ background: signOf(event) }} />
        <span className="shrink-0 text-muted text-xs tabular-nums">{timeText(event.time, i18n.language, 'clock')}</span>
        <span className="min-w-0 truncate">
          {t([typeKey(event.type), event.type])}
          {detail && <span className="text-muted"> {detail}</span>}
        </span>
        {isReview(event) && (
          <span className="ml-auto text-muted">
            <Icon name="camera" />
            <span className="sr-only">{t('timeline.picture')}</span>
          </span>
        )}
      </button>
    </li>
  )
}

/** Of frames that went to people the picture was kept. */
function isReview({ type }: MomentEvent): boolean {
  return type.startsWith('sentinel.review.')
}
