import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { numberText } from '../../../lib/numbers.ts'
import { timeText } from '../../../lib/times.ts'
import type { EventFrame } from '../api/events.ts'
import type { KeptFrame } from '../api/kept-frame.ts'
import { keptFrame } from '../kept-frame.ts'

/** A picture that is further away, ms, tells nothing of the event. */
const NEAR_MS = 30_000

interface EventPictureProps {
  readonly frame: EventFrame
  /** The track that the event is about. */
  readonly track: string | undefined
  readonly cameraId: string | undefined
}

/** The frame of an event; where its picture was not kept, the nearest one that was, with its own boxes, and how far away it is. */
export function EventPicture({ frame, track, cameraId }: EventPictureProps) {
  const { t, i18n } = useTranslation()
  const near = useNear(frame, cameraId)
  const shown = near ?? frame
  const at = shown.boxes.findIndex(({ trackId }) => trackId !== null && trackId === track)
  const time = timeText(shown.capturedAt, i18n.language, 'exact')
  const seconds = near && (Date.parse(near.capturedAt) - Date.parse(frame.capturedAt)) / 1000
  return (
    <>
      <FramePicture
        url={shown.imageUrl}
        width={shown.width}
        height={shown.height}
        boxes={shown.boxes}
        meant={at < 0 ? undefined : new Set([at])}
        label={t('frame.of', { time, count: shown.boxes.length })}
      />
      {(seconds !== undefined || cameraId) && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 text-muted text-xs">
          {seconds !== undefined && (
            <span>
              {t(seconds < 0 ? 'frame.nearBefore' : 'frame.nearAfter', { seconds: numberText(Math.abs(seconds), 1) })}
            </span>
          )}
          {cameraId && (
            <Link
              to={`/live?focus=${encodeURIComponent(cameraId)}&at=${encodeURIComponent(frame.capturedAt)}`}
              className="underline decoration-line underline-offset-2 hover:text-text"
            >
              {t('frame.lookBack')}
            </Link>
          )}
        </p>
      )}
    </>
  )
}

/** What goes wrong here leaves the frame without a picture, which it then says itself. */
function useNear({ imageUrl, capturedAt }: EventFrame, cameraId: string | undefined): KeptFrame | undefined {
  const [near, setNear] = useState<KeptFrame>()
  useEffect(() => {
    let isWanted = imageUrl === null
    setNear(undefined)
    if (cameraId && isWanted)
      void keptFrame(cameraId, capturedAt, 'NEAREST').then(
        (found) => {
          const isNear = found && Math.abs(Date.parse(found.capturedAt) - Date.parse(capturedAt)) <= NEAR_MS
          if (isWanted && isNear) setNear(found)
        },
        () => undefined,
      )
    return () => {
      isWanted = false
    }
  }, [imageUrl, capturedAt, cameraId])
  return near
}
