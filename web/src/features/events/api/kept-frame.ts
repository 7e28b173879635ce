import { gql } from 'urql'

export interface KeptFrame {
  readonly id: string
  /** RFC 3339, with microseconds. */
  readonly capturedAt: string
  /** Null when it was dropped since. */
  readonly imageUrl: string | null
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly boxes: readonly {
    readonly class: string
    readonly score: number
    readonly trackId: string | null
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
}

export type Direction = 'NEAREST' | 'BEFORE' | 'AFTER'

export const KeptFrameDocument = gql<
  { keptFrame: KeptFrame | null },
  { cameraId: string; at: string; direction: Direction }
>`
  query KeptFrame($cameraId: ID!, $at: DateTime!, $direction: KeptDirection!) {
    keptFrame(cameraId: $cameraId, at: $at, direction: $direction) {
      id
      capturedAt
      imageUrl
      width
      height
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
`
