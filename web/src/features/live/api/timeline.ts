import { gql } from 'urql'

export interface ClassCount {
  readonly class: string
  /** Boxes in all frames of the minute. */
  readonly detections: number
  /** Boxes in the one frame that had most. */
  readonly most: number
}

/** A minute in which the detector looked at something. */
export interface LookedMinute {
  /** RFC 3339 */
  readonly at: string
  readonly frames: number
  readonly classes: readonly ClassCount[]
}

export interface Mark {
  readonly id: string
  /** RFC 3339 */
  readonly time: string
  readonly type: string
}

export interface TimelineAnswer {
  /** RFC 3339, by the server's clock. */
  readonly from: string
  readonly to: string
  readonly minutes: readonly LookedMinute[]
  readonly marks: readonly Mark[]
}

export const TimelineDocument = gql<{ timeline: TimelineAnswer }, { cameraId: string; minutes: number }>`
  query Timeline($cameraId: ID!, $minutes: Int!) {
    timeline(cameraId: $cameraId, minutes: $minutes) {
      from
      to
      minutes {
        at
        frames
        classes {
          class
          detections
          most
        }
      }
      marks {
        id
        time
        type
      }
    }
  }
`

export interface MomentEvent extends Mark {
  readonly class: string | null
  readonly score: number | null
  readonly detail: string
}

interface Moment {
  readonly events: {
    readonly edges: readonly { readonly node: MomentEvent }[]
    readonly pageInfo: { readonly hasNextPage: boolean }
  }
}

/** The entries of the event log from one stretch of time of a camera. */
export const MomentDocument = gql<Moment, { cameraId: string; from: string; to: string }>`
  query Moment($cameraId: ID!, $from: DateTime!, $to: DateTime!) {
    events(first: 100, filter: { cameraIds: [$cameraId], from: $from, to: $to }) {
      edges {
        node {
          id
          time
          type
          class
          score
          detail
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`
