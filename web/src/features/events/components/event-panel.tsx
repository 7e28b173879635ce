import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { Loading } from '../../../components/ui/loading.tsx'
import { recentText, timeText } from '../../../lib/times.ts'
import { useEvery } from '../../../lib/use-every.ts'
import { EventDocument, type EventFrame } from '../api/events.ts'
import { typeKey } from '../words.ts'
import { EventPicture } from './event-picture.tsx'
import { StageBar } from './stage-bar.tsx'

const STORED_WITHIN_MS = 60_000
const ASK_AGAIN_MS = 1000

interface EventPanelProps {
  readonly id: string
  /** RFC 3339 */
  readonly time: string
  readonly onClose: () => void
}

/** What an event is about: its frame with every box, and what it took to see them. */
export function EventPanel({ id, time, onClose }: EventPanelProps) {
  const { t, i18n } = useTranslation()
  const [{ data, error, fetching }, ask] = useQuery({ query: EventDocument, variables: { id, time } })
  const event = data?.event
  const answer = { data, error, isLoading: fetching, refresh: () => ask({ requestPolicy: 'network-only' }) }
  const clock = recentText(time, i18n.language)
  return (
    <aside
      aria-label={t('events.about')}
      className="flex shrink-0 flex-col overflow-y-auto border-line bg-surface max-lg:fixed max-lg:inset-0 max-lg:z-40 lg:w-[min(34rem,42vw)] lg:border-l"
    >
      <header className="sticky top-0 z-10 flex items-center gap-2 border-line border-b bg-surface px-4 py-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{event ? t([typeKey(event.type), event.type]) : '…'}</h2>
          <p className="truncate text-muted text-xs tabular-nums">
            {clock}
            {event?.camera && ` · ${event.camera.name}`}
          </p>
        </div>
        <Button kind="quiet" label={t('close')} onClick={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <Answer of={answer}>
        {(found) =>
          found.event === null ? (
            <Missing time={time} onAskAgain={answer.refresh} />
          ) : (
            <>
              {found.event.frame && (
                <Frame
                  frame={found.event.frame}
                  track={trackIn(found.event.detail)}
                  cameraId={found.event.camera?.id}
                />
              )}
              <details open={!found.event.frame} className="border-line border-t px-4 py-3">
                <summary className="cursor-pointer font-medium text-muted text-xs">{t('events.data')}</summary>
                <pre className="mt-2 overflow-x-auto rounded-md bg-canvas p-3 text-xs">
                  {JSON.stringify(JSON.parse(found.event.detail), undefined, 2)}
                </pre>
              </details>
            </>
          )
        }
      </Answer>
    </aside>
  )
}

/** An event is told the moment it happens, and stored a little later: until then it is asked for again. */
function Missing({ time, onAskAgain }: { readonly time: string; readonly onAskAgain: () => void }) {
  const { t } = useTranslation()
  const isYoung = Date.now() - Date.parse(time) < STORED_WITHIN_MS
  useEvery(isYoung ? ASK_AGAIN_MS : Number.POSITIVE_INFINITY, onAskAgain)
  return isYoung ? <Loading /> : <p className="p-4 text-muted">{t('events.gone')}</p>
}

interface FrameProps {
  readonly frame: EventFrame
  readonly track: string | undefined
  readonly cameraId: string | undefined
}

function Frame({ frame, track, cameraId }: FrameProps) {
  const { t, i18n } = useTranslation()
  const at = frame.boxes.findIndex(({ trackId }) => trackId !== null && trackId === track)
  const captured = new Date(frame.capturedAt)
  const clock = timeText(captured, i18n.language, 'exact')
  return (
    <>
      <EventPicture frame={frame} track={track} cameraId={cameraId} />
      <div className="flex flex-col gap-4 p-4">
        <Facts
          facts={[
            [t('frame.captured'), clock],
            [t('frame.clock'), frame.captureClock],
            [t('frame.seenAfter'), t('ms', { ms: Math.round(Date.parse(frame.detectedAt) - captured.getTime()) })],
            [t('frame.size'), `${frame.width} × ${frame.height}`],
            [
              t('frame.model'),
              <Link
                key="model"
                to={`/models?model=${frame.model.id}`}
                className="underline decoration-line underline-offset-2"
              >
                {frame.model.name}
              </Link>,
            ],
            [t('frame.digest'), frame.model.id.slice(0, 16)],
          ]}
        />
        <StageBar timings={frame.timings} />
        <ul className="divide-y divide-line rounded-lg border border-line">
          {frame.boxes.map((box, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the boxes of one frame never change
            <li key={i} className={`flex items-center gap-3 px-3 py-1.5 ${i === at ? 'bg-accent-soft' : ''}`}>
              <span className="flex-1 font-medium">{box.class}</span>
              <span className="text-muted text-xs">{box.trackId}</span>
              <span className="w-12 text-right tabular-nums">{Math.round(box.score * 100)} %</span>
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

function trackIn(detail: string): string | undefined {
  const { trackId } = JSON.parse(detail) as { trackId?: unknown }
  return typeof trackId === 'string' ? trackId : undefined
}
