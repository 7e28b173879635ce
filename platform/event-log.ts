import type { SentinelEvent } from './events/event.ts'
import { FrameDetected, type FrameDetection } from './events/frame.ts'
import type { ReviewRequest } from './events/triage.ts'

/** A row of the event log that people read. */
export interface LoggedEvent {
  readonly id: string
  /** RFC 3339. */
  readonly time: string
  readonly type: string
  readonly cameraId: string | null
  readonly subject: string
  readonly class: string | null
  readonly score: number | null
  readonly data: Readonly<Record<string, unknown>>
  /** Of a track that appeared: it is one event, however many frames show it. */
  readonly trackId?: string
}

export const TRACK_APPEARED = 'sentinel.track.appeared.v1'

/** What an event says to people: a detection one entry for each of its tracks, every other event itself. */
export function loggedEvents(event: SentinelEvent): LoggedEvent[] {
  if (event.type === FrameDetected.type) return tracksOf(event as SentinelEvent<FrameDetection>)
  const data = event.data as Partial<ReviewRequest> & Record<string, unknown>
  const isReview = event.type.startsWith('sentinel.review.')
  return [
    {
      id: `${event.source}#${event.id}`,
      time: event.time,
      type: event.type,
      cameraId: isReview ? (data.cameraId ?? null) : event.subject,
      subject: event.subject,
      class: null,
      score: null,
      data,
    },
  ]
}

function tracksOf({ subject: cameraId, data }: SentinelEvent<FrameDetection>): LoggedEvent[] {
  const time = new Date(data.capturedAt / 1000).toISOString()
  return data.boxes.flatMap(({ trackId, class: name, score, box }) =>
    trackId === undefined
      ? []
      : [
          {
            id: `${cameraId}/${trackId}`,
            time,
            type: TRACK_APPEARED,
            cameraId,
            subject: cameraId,
            class: name,
            score,
            data: { frameId: data.frameId, trackId, box, model: data.model },
            trackId,
          },
        ],
  )
}
