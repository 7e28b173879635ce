import { gql } from 'urql'

export interface WatchedCamera {
  readonly id: string
  readonly name: string
  readonly state: 'UNKNOWN' | 'ONLINE' | 'OFFLINE'
  readonly stateReason: string | null
}

/** Cameras that are switched on, page after page. */
export const WatchedCamerasDocument = gql<
  { cameras: { edges: { node: WatchedCamera }[]; pageInfo: { hasNextPage: boolean } } },
  { first: number }
>`
  query WatchedCameras($first: Int!) {
    cameras(first: $first, filter: { enabled: true }) {
      edges {
        node {
          id
          name
          state
          stateReason
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`
