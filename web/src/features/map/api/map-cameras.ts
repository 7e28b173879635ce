import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'

export interface MapCamera {
  readonly id: string
  readonly name: string
  readonly latitude: number | null
  readonly longitude: number | null
  /** Degrees clockwise from north. */
  readonly heading: number | null
  readonly enabled: boolean
  readonly state: 'UNKNOWN' | 'ONLINE' | 'OFFLINE'
  /** `removed` once the camera is gone. */
  readonly stateReason: string | null
}

const fields = `
  id
  name
  latitude
  longitude
  heading
  enabled
  state
  stateReason
`

export const MapCamerasDocument = gql<
  { cameras: { edges: { node: MapCamera }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } },
  { after: string | null }
>`
  query MapCameras($after: String) {
    cameras(first: 500, after: $after) {
      edges {
        node {
          ${fields}
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const MapCameraChangedDocument = gql<{ cameraChanged: MapCamera }, Record<string, never>>`
  subscription MapCameraChanged {
    cameraChanged {
      ${fields}
    }
  }
`

export const SeenDocument = gql<
  { frameDetected: { cameraId: string; boxes: { class: string }[] } },
  { cameraIds: readonly string[] }
>`
  subscription Seen($cameraIds: [ID!]) {
    frameDetected(cameraIds: $cameraIds) {
      cameraId
      boxes {
        class
      }
    }
  }
`

export const PlaceCameraDocument = gql<
  { updateCamera: { camera: MapCamera | null; errors: Refusal[] } },
  { input: { id: string; latitude: number; longitude: number } }
>`
  mutation PlaceCamera($input: UpdateCameraInput!) {
    updateCamera(input: $input) {
      camera {
        ${fields}
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`
