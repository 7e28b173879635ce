import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'
import { SAID, type Sentence } from '../../../lib/said.ts'
import type { Schedule } from '../schedule-values.ts'

export interface Camera {
  readonly id: string
  readonly name: string
  readonly source: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly heading: number | null
  readonly fps: number | null
  readonly enabled: boolean
  /** Null: always. */
  readonly schedule: Schedule | null
  /** Switched on, and in its schedule now. */
  readonly isWatched: boolean
  readonly state: 'UNKNOWN' | 'ONLINE' | 'OFFLINE'
  readonly stateReason: string | null
}

const fields = `id name source latitude longitude heading fps enabled isWatched schedule { timeZone windows { days from to } } state stateReason`

export const CamerasDocument = gql<
  { cameras: { edges: { node: Camera }[]; pageInfo: { hasNextPage: boolean } } },
  { first: number; search: string | null }
>`
  query Cameras($first: Int!, $search: String) {
    cameras(first: $first, filter: { search: $search }) {
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

/** What the form says; a source that was not touched is left out. */
export interface CameraValues {
  readonly name: string
  readonly source?: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly heading: number | null
  readonly fps: number | null
  readonly enabled: boolean
  readonly schedule: Schedule | null
}

export const AddCameraDocument = gql<
  { addCamera: { camera: Camera | null; errors: Refusal[] } },
  { input: CameraValues }
>`
  mutation AddCamera($input: AddCameraInput!) {
    addCamera(input: $input) {
      camera {
        ${fields}
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const UpdateCameraDocument = gql<
  { updateCamera: { camera: Camera | null; errors: Refusal[] } },
  { input: Partial<CameraValues> & { id: string } }
>`
  mutation UpdateCamera($input: UpdateCameraInput!) {
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

export const RemoveCameraDocument = gql<{ removeCamera: { errors: Refusal[] } }, { input: { id: string } }>`
  mutation RemoveCamera($input: RemoveCameraInput!) {
    removeCamera(input: $input) {
      errors {
        ${REFUSAL}
      }
    }
  }
`

export interface ImportResult {
  readonly added: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: readonly { readonly row: number; readonly reason: string; readonly said: readonly Sentence[] }[]
  readonly errors: readonly Refusal[]
}

export const ImportCamerasDocument = gql<{ importCameras: ImportResult }, { input: { catalogue: string } }>`
  mutation ImportCameras($input: ImportCamerasInput!) {
    importCameras(input: $input) {
      added
      updated
      unchanged
      rejected {
        row
        reason
        said { ${SAID} }
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export interface Probe {
  /** A data: URL. */
  readonly picture: string
  readonly width: number
  readonly height: number
  readonly fps: number | null
  readonly codec: string
  readonly ms: number
}

export const TestCameraDocument = gql<
  { testCamera: { probe: Probe | null; errors: Refusal[] } },
  { input: { source: string; id?: string } }
>`
  mutation TestCamera($input: TestCameraInput!) {
    testCamera(input: $input) {
      probe {
        picture
        width
        height
        fps
        codec
        ms
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`
