import { gql } from 'urql'
import type { ModelOrigin } from './models.ts'

/** A person's word that a model learnt from. */
export interface Teaching {
  readonly verdictId: string
  readonly annotator: string
  readonly camera: { readonly id: string; readonly name: string }
  readonly boxes: number
  readonly recordedAt: string
  readonly withdrawnAt: string | null
}

/** A model in the line of another one. */
export interface Generation {
  readonly model: { readonly id: string; readonly name: string; readonly origin: ModelOrigin }
  /** Null, as the training is, for a model that somebody brought. */
  readonly dataset: string | null
  readonly trainingRunId: string | null
  readonly teachings: readonly Teaching[]
}

export const LineageDocument = gql<{ modelLineage: readonly Generation[] }, { id: string }>`
  query ModelLineage($id: String!) {
    modelLineage(digest: $id) {
      model {
        id
        name
        origin
      }
      dataset
      trainingRunId
      teachings {
        verdictId
        annotator
        camera {
          id
          name
        }
        boxes
        recordedAt
        withdrawnAt
      }
    }
  }
`
