import { gql } from 'urql'

export type PartState = 'READY' | 'STARTING' | 'FAILING' | 'MISSING'

export interface Figure {
  /** Those that end in _total only rise, from 0 at the start. */
  readonly name: string
  readonly labels: readonly { readonly name: string; readonly value: string }[]
  readonly value: number
}

export interface State {
  readonly ready: boolean
  readonly parts: readonly { readonly name: string; readonly state: PartState; readonly message: string }[]
  readonly lag: readonly { readonly function: string; readonly lag: number }[]
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
      }
      lag {
        function
        lag
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
