import { gql } from 'urql'
import { SAID, type Sentence } from '../../../lib/said.ts'

export type PartState = 'READY' | 'STARTING' | 'FAILING' | 'MISSING'

export interface Figure {
  /** Those that end in _total only rise, from 0 at the start. */
  readonly name: string
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly value: number
}

export interface Part {
  readonly name: string
  readonly state: PartState
  readonly message: string
  readonly said: readonly Sentence[]
}

export interface RecentError {
  readonly id: string
  readonly at: string
  readonly function: string
  readonly reason: string
  readonly said: readonly Sentence[]
}

export interface State {
  readonly ready: boolean
  readonly parts: readonly Part[]
  readonly lag: readonly { readonly function: string; readonly lag: number }[]
  readonly recentErrors: readonly RecentError[]
  readonly figures: readonly Figure[]
}

export const StateDocument = gql<{ health: State }>`
  query State {
    health {
      ready
      parts {
        name
        state
        message
        said { ${SAID} }
      }
      lag {
        function
        lag
      }
      recentErrors {
        id
        at
        function
        reason
        said { ${SAID} }
      }
      figures {
        name
        labels {
          name
          value
        }
        value
      }
    }
  }
`
