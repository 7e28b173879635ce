import { gql } from 'urql'
import type { Rectangle } from './triage.ts'

export interface SaidBox extends Rectangle {
  readonly class: string
}

/** What one person says of an item. */
export interface Opinion {
  readonly id: string
  readonly annotator: string
  readonly recordedAt: string
  readonly withdrawnAt: string | null
  readonly drawn: readonly SaidBox[]
}

/** An item on which people do not agree. */
export interface Dispute {
  readonly id: string
  readonly camera: { readonly id: string; readonly name: string }
  readonly capturedAt: string
  readonly width: number
  readonly height: number
  readonly imageUrl: string
  /** Also those that were taken back. */
  readonly annotations: readonly Opinion[]
}

export const DisputesDocument = gql<{ disputedItems: { edges: { node: Dispute }[] } }>`
  query DisputedItems {
    disputedItems(first: 50) {
      edges {
        node {
          id
          camera {
            id
            name
          }
          capturedAt
          width
          height
          imageUrl
          annotations {
            id
            annotator
            recordedAt
            withdrawnAt
            drawn {
              class
              x
              y
              width
              height
            }
          }
        }
      }
    }
  }
`

export const DisputeCountDocument = gql<{ disputedItems: { edges: { node: { id: string } }[] } }>`
  query DisputeCount {
    disputedItems(first: 50) {
      edges {
        node {
          id
        }
      }
    }
  }
`
