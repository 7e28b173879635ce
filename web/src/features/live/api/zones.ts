import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'

/** In shares of the picture, top-left origin. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface ZoneValues {
  readonly name: string
  readonly kind: 'AREA' | 'LINE'
  readonly points: readonly Point[]
}

export interface Zone extends ZoneValues {
  readonly id: string
}

interface Payload {
  readonly zone: Zone | null
  readonly errors: readonly Refusal[]
}

export const AddZoneDocument = gql<{ addZone: Payload }, { input: { cameraId: string; zone: ZoneValues } }>`
  mutation AddZone($input: AddZoneInput!) {
    addZone(input: $input) {
      zone {
        id
        name
        kind
        points {
          x
          y
        }
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const UpdateZoneDocument = gql<{ updateZone: Payload }, { input: { id: string; zone: ZoneValues } }>`
  mutation UpdateZone($input: UpdateZoneInput!) {
    updateZone(input: $input) {
      zone {
        id
        name
        kind
        points {
          x
          y
        }
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const RemoveZoneDocument = gql<{ removeZone: Pick<Payload, 'errors'> }, { input: { id: string } }>`
  mutation RemoveZone($input: RemoveZoneInput!) {
    removeZone(input: $input) {
      errors {
        ${REFUSAL}
      }
    }
  }
`
