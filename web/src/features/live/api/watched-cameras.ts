import { gql } from 'urql'
import type { Zone } from './zones.ts'

export interface WatchedCamera {
  readonly id: string
  readonly name: string
  readonly state: 'UNKNOWN' | 'ONLINE' | 'OFFLINE'
  readonly stateReason: string | null
  /** In its hours. */
  readonly isWatched: boolean
  /** Of its source, pixels; null until it was seen. */
  readonly width: number | null
  readonly height: number | null
  /** Its stream from a media server: the address of the playlist. */
  readonly playback: { readonly hls: string } | null
  readonly zones: readonly Zone[]
}

const fields = `
  id
  name
  state
  stateReason
  isWatched
  width
  height
  playback {
    hls
  }
  zones {
    id
    name
    kind
    points {
      x
      y
    }
  }
`

/** Cameras that are switched on, page after page. */
export const WatchedCamerasDocument = gql<
  { cameras: { edges: { node: WatchedCamera }[]; pageInfo: { hasNextPage: boolean } } },
  { first: number }
>`
  query WatchedCameras($first: Int!) {
    cameras(first: $first, filter: { enabled: true }) {
      edges {
        node {
          ${fields}
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`

/** One by its id, wherever in the list it comes; null where there is none. */
export const WatchedCameraDocument = gql<{ camera: (WatchedCamera & { enabled: boolean }) | null }, { id: string }>`
  query WatchedCamera($id: ID!) {
    camera(id: $id) {
      enabled
      ${fields}
    }
  }
`

/** What the cache makes of it is shown wherever the camera is. */
export const WatchedCameraChangedDocument = gql<{ cameraChanged: WatchedCamera }, Record<string, never>>`
  subscription WatchedCameraChanged {
    cameraChanged {
      ${fields}
    }
  }
`
