import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'
import { SAID, type Sentence } from '../../../lib/said.ts'

export type Verdict = 'CONFIRM' | 'CORRECT' | 'REJECT' | 'SKIP'

/** In shares of the picture, from its top-left corner. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface ItemBox extends Rectangle {
  readonly class: string
  readonly score: number
  readonly trackId: string | null
}

export interface Item {
  readonly id: string
  readonly camera: { readonly id: string; readonly name: string }
  readonly capturedAt: string
  readonly reason: 'LOW_CONFIDENCE' | 'CLASS_FLICKER' | 'CLASS_UNSURE'
  readonly detail: string
  readonly detailSaid: readonly Sentence[]
  /** 0..1 */
  readonly uncertainty: number
  readonly width: number
  readonly height: number
  readonly imageUrl: string
  readonly model: { readonly id: string; readonly name: string; readonly classes: readonly string[] }
  readonly boxes: readonly ItemBox[]
}

export const ClaimDocument = gql<
  { claimTriageItems: { items: Item[]; open: number; errors: Refusal[] } },
  { input: { session: string; count: number; secondOpinions: boolean } }
>`
  mutation ClaimTriageItems($input: ClaimTriageItemsInput!) {
    claimTriageItems(input: $input) {
      items {
        id
        camera {
          id
          name
        }
        capturedAt
        reason
        detail
        detailSaid { ${SAID} }
        uncertainty
        width
        height
        imageUrl
        model {
          id
          name
          classes
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
      open
      errors {
        ${REFUSAL}
      }
    }
  }
`

export interface VerdictInput {
  readonly itemId: string
  readonly verdict: Verdict
  readonly boxes?: readonly (Rectangle & { readonly class: string; readonly trackId: string | null })[]
  readonly key: string
  readonly secondOpinion?: boolean
}

export const RecordVerdictDocument = gql<{ recordVerdict: { errors: Refusal[] } }, { input: VerdictInput }>`
  mutation RecordVerdict($input: RecordVerdictInput!) {
    recordVerdict(input: $input) {
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const UndoVerdictDocument = gql<
  { undoVerdict: { errors: Refusal[] } },
  { input: { itemId: string; session: string } }
>`
  mutation UndoVerdict($input: UndoVerdictInput!) {
    undoVerdict(input: $input) {
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const ReviewNewsDocument = gql<{ triageItemChanged: { id: string } }>`
  subscription ReviewNews {
    triageItemChanged {
      id
    }
  }
`
