import { gql } from 'urql'

export interface LoggedEvent {
  readonly id: string
  readonly time: string
  readonly type: string
  readonly class: string | null
  readonly score: number | null
  readonly detail: string
  readonly camera: { readonly id: string; readonly name: string } | null
}

export interface EventFilter {
  readonly cameraIds?: readonly string[]
  readonly types?: readonly string[]
  readonly classes?: readonly string[]
  /** 0..1 */
  readonly minScore?: number
  /** RFC 3339 */
  readonly from?: string
  readonly to?: string
}

export const EventsDocument = gql<
  { events: { edges: { node: LoggedEvent }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } },
  { filter: EventFilter; after: string | null }
>`
  query Events($filter: EventFilter, $after: String) {
    events(first: 500, after: $after, filter: $filter) {
      edges {
        node {
          id
          time
          type
          class
          score
          detail
          camera {
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const EventLoggedDocument = gql<{ eventLogged: LoggedEvent }, { filter: EventFilter }>`
  subscription EventLogged($filter: EventFilter) {
    eventLogged(filter: $filter) {
      id
      time
      type
      class
      score
      detail
      camera {
        id
        name
      }
    }
  }
`

/** What can be filtered by. */
export const ChoicesDocument = gql<{
  cameras: { edges: { node: { id: string; name: string } }[] }
  models: { edges: { node: { id: string; classes: string[] } }[] }
}>`
  query EventChoices {
    cameras(first: 500) {
      edges {
        node {
          id
          name
        }
      }
    }
    models(first: 20) {
      edges {
        node {
          id
          classes
        }
      }
    }
  }
`

export interface SeenBox {
  readonly class: string
  readonly score: number
  readonly trackId: string | null
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface EventFrame {
  readonly id: string
  readonly capturedAt: string
  readonly detectedAt: string
  readonly captureClock: string
  readonly width: number
  readonly height: number
  readonly imageUrl: string | null
  readonly model: { readonly id: string; readonly name: string }
  readonly timings: {
    readonly queueMs: number
    readonly prepareMs: number
    readonly inferMs: number
    readonly decodeMs: number
  }
  readonly boxes: readonly SeenBox[]
}

export const EventDocument = gql<
  { event: (LoggedEvent & { subject: string; frame: EventFrame | null }) | null },
  { id: string; time: string }
>`
  query Event($id: ID!, $time: DateTime!) {
    event(id: $id, time: $time) {
      id
      time
      type
      class
      score
      detail
      subject
      camera {
        id
        name
      }
      frame {
        id
        capturedAt
        detectedAt
        captureClock
        width
        height
        imageUrl
        model {
          id
          name
        }
        timings {
          queueMs
          prepareMs
          inferMs
          decodeMs
        }
        boxes {
          class
          score
          trackId
          x
          y
          width
          height
        }
      }
    }
  }
`
