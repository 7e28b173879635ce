import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'
import { SAID, type Sentence } from '../../../lib/said.ts'

export interface NamedModel {
  readonly id: string
  readonly name: string
}

/** A commit of the deployment's repository. */
export interface Rollout {
  readonly id: string
  readonly commit: string
  readonly kind: 'START' | 'CANARY' | 'PROMOTE' | 'ROLLBACK' | 'CHANGE'
  /** The model that came, or the one that was taken back. */
  readonly subject: NamedModel
  /** What runs from then on. */
  readonly model: NamedModel
  readonly canary: NamedModel | null
  /** What ran before. */
  readonly previous: NamedModel | null
  /** Of the cameras, that the canary looks at; 1 without one. */
  readonly share: number
  readonly by: string
  readonly reason: string
  readonly reasonSaid: readonly Sentence[]
  readonly committedAt: string
  readonly appliedAt: string | null
  readonly failure: string | null
  readonly failureSaid: readonly Sentence[]
}

const fields = `
  id commit kind share by reason reasonSaid { ${SAID} } committedAt appliedAt failure failureSaid { ${SAID} }
  subject { id name }
  model { id name }
  canary { id name }
  previous { id name }
`

export const RolloutsDocument = gql<{ rollouts: { edges: { node: Rollout }[] } }>`
  query Rollouts {
    rollouts(first: 100) {
      edges {
        node {
          ${fields}
        }
      }
    }
  }
`

interface Payload {
  readonly rollout: { readonly id: string } | null
  readonly errors: readonly Refusal[]
}

export interface PromoteInput {
  readonly digest: string
  readonly share: number
  readonly reason: string
  readonly force: boolean
}

export const PromoteDocument = gql<{ promoteModel: Payload }, { input: PromoteInput }>`
  mutation PromoteModel($input: PromoteModelInput!) {
    promoteModel(input: $input) {
      rollout {
        ${fields}
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const RollbackDocument = gql<{ rollbackModel: Payload }, { input: { reason: string } }>`
  mutation RollbackModel($input: RollbackModelInput!) {
    rollbackModel(input: $input) {
      rollout {
        ${fields}
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`
