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
}

export const EventsDocument = gql<
  { events: { edges: { node: LoggedEvent }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } },
  { filter: EventFilter; after: string | null }
>`
  query Events($filter: EventFilter, $after: String) {
    events(first: 100, after: $after, filter: $filter) {
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

export const CameraNamesDocument = gql<{ cameras: { edges: { node: { id: string; name: string } }[] } }>`
  query CameraNames {
    cameras(first: 500) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`
