import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'
import { SAID, type Sentence } from '../../../lib/said.ts'

export interface Progress {
  readonly stage: 'FEATURES' | 'FIT'
  readonly done: number
  readonly total: number
  readonly loss: number | null
  readonly valLoss: number | null
  /** On what is kept for judging, 0..1; null where it was not measured. */
  readonly ap50: number | null
}

export interface Run {
  readonly id: string
  readonly state: 'REQUESTED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  readonly reason: string
  readonly reasonSaid: readonly Sentence[]
  readonly requestedBy: string
  readonly requestedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly dataset: string
  readonly annotations: number
  readonly isBeingCancelled: boolean
  /** Somebody took it to another machine, and hands it in. */
  readonly isTakenAlong: boolean
  readonly failure: string | null
  readonly failureSaid: readonly Sentence[]
  readonly parent: { readonly id: string; readonly name: string }
  readonly model: { readonly id: string; readonly name: string } | null
  readonly progress: Progress | null
  readonly curve: readonly Progress[]
  readonly metrics: {
    readonly pictures: number
    readonly boxes: number
    readonly rehearsed: number
    readonly steps: number
    readonly lossBefore: number
    readonly lossAfter: number
    readonly valLossBefore: number | null
    readonly valLossAfter: number | null
  } | null
}

const fields = `
  id state reason requestedBy requestedAt startedAt finishedAt dataset annotations isBeingCancelled isTakenAlong failure reasonSaid { ${SAID} } failureSaid { ${SAID} }
  parent { id name }
  model { id name }
  progress { stage done total loss valLoss ap50 }
  curve { stage done total loss valLoss ap50 }
  metrics { pictures boxes rehearsed steps lossBefore lossAfter valLossBefore valLossAfter }
`

export const RunsDocument = gql<{ trainingRuns: { edges: { node: Run }[] } }>`
  query TrainingRuns {
    trainingRuns(first: 100) {
      edges {
        node {
          ${fields}
        }
      }
    }
  }
`

export const RunChangedDocument = gql<{ trainingRunChanged: Run }>`
  subscription TrainingRunChanged {
    trainingRunChanged {
      ${fields}
    }
  }
`

export const StartDocument = gql<{ startTraining: { run: { id: string } | null; errors: Refusal[] } }>`
  mutation StartTraining {
    startTraining {
      run {
        ${fields}
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const CancelDocument = gql<{ cancelTraining: { errors: Refusal[] } }, { id: string }>`
  mutation CancelTraining($id: ID!) {
    cancelTraining(id: $id) {
      run {
        id
        isBeingCancelled
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`
