import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'
import { SAID, type Sentence } from '../../../lib/said.ts'

export interface Lineage {
  readonly parent: { readonly id: string; readonly name: string }
  readonly dataset: string
  readonly trainingRunId: string
  readonly seconds: number
  readonly machine: string
  readonly madeAt: string
}

export interface Gate {
  readonly name: string
  readonly state: 'PASSED' | 'FAILED' | 'UNKNOWN'
  readonly value: number | null
  readonly limit: number | null
  readonly reason: string
  readonly said: readonly Sentence[]
}

export interface Comparison {
  readonly kind: 'ALL' | 'CLASS' | 'LIGHT'
  readonly name: string
  readonly boxes: number
  readonly candidate: number | null
  readonly running: number | null
}

export interface Evaluation {
  readonly state: 'COMPARING' | 'SHADOWING' | 'PASSED' | 'FAILED' | 'CANCELLED'
  readonly running: { readonly id: string; readonly name: string }
  readonly done: number
  readonly total: number
  readonly reason: string | null
  readonly reasonSaid: readonly Sentence[]
  readonly heldOut: number
  readonly reference: number
  readonly live: number
  readonly gates: readonly Gate[]
  readonly comparisons: readonly Comparison[]
}

/** As it stands among the others. */
export interface ListedModel {
  readonly id: string
  readonly name: string
  /** Null while no camera is looked at with it. */
  readonly role: 'RUNNING' | 'CANARY' | null
  readonly registeredAt: string | null
  readonly lineage: { readonly parent: { readonly id: string; readonly name: string } } | null
  readonly evaluation: { readonly state: Evaluation['state'] } | null
}

export type ModelOrigin = 'SHIPPED' | 'TAUGHT' | 'BROUGHT'

export interface Model extends ListedModel {
  readonly origin: ModelOrigin
  readonly family: string | null
  readonly classes: readonly string[]
  readonly lineage: Lineage | null
  readonly evaluation: Evaluation | null
}

export const ModelsDocument = gql<{ models: { edges: { node: ListedModel }[] } }>`
  query Models {
    models(first: 200) {
      edges {
        node {
          id
          name
          role
          registeredAt
          lineage {
            parent {
              id
              name
            }
          }
          evaluation {
            state
          }
        }
      }
    }
  }
`

/** What its makers tell of it, in Markdown. */
export const ModelCardDocument = gql<{ model: { id: string; card: string | null } | null }, { id: string }>`
  query ModelCard($id: ID!) {
    model(id: $id) {
      id
      card
    }
  }
`

export const ModelDocument = gql<{ model: Model | null }, { id: string }>`
  query Model($id: ID!) {
    model(id: $id) {
      id
      name
      role
      origin
      family
      classes
      registeredAt
      lineage {
        parent {
          id
          name
        }
        dataset
        trainingRunId
        seconds
        machine
        madeAt
      }
      evaluation {
        state
        running {
          id
          name
        }
        done
        total
        reason
        reasonSaid { ${SAID} }
        heldOut
        reference
        live
        gates {
          name
          state
          value
          limit
          reason
          said { ${SAID} }
        }
        comparisons {
          kind
          name
          boxes
          candidate
          running
        }
      }
    }
  }
`

export const ModelChangedDocument = gql<{ modelChanged: { id: string } }>`
  subscription ModelChanged {
    modelChanged {
      id
    }
  }
`

interface SeenBox {
  readonly class: string
  readonly score: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Disagreement {
  readonly id: string
  readonly camera: { readonly id: string; readonly name: string }
  readonly capturedAt: string
  readonly width: number
  readonly height: number
  readonly agreement: number
  readonly imageUrl: string
  readonly candidateBoxes: readonly SeenBox[]
  readonly runningBoxes: readonly SeenBox[]
  /** Which one a person found right. */
  readonly better: Better | null
  readonly judgedBy: string | null
}

export type Better = 'CANDIDATE' | 'RUNNING' | 'NEITHER'

export const JudgeDocument = gql<{ judgeDisagreement: { errors: Refusal[] } }, { id: string; better: Better | null }>`
  mutation JudgeDisagreement($id: ID!, $better: BetterModel) {
    judgeDisagreement(id: $id, better: $better) {
      disagreement {
        id
        better
        judgedBy
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const DisagreementsDocument = gql<
  {
    model: { id: string; evaluation: { disagreements: { edges: { node: Disagreement }[] } } | null } | null
  },
  { id: string }
>`
  query Disagreements($id: ID!) {
    model(id: $id) {
      id
      evaluation {
        disagreements(first: 24) {
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
              agreement
              imageUrl
              better
              judgedBy
              candidateBoxes {
                class
                score
                x
                y
                width
                height
              }
              runningBoxes {
                class
                score
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
  }
`
