import { gql } from 'urql'

export interface HealthPart {
  readonly name: string
  readonly state: 'READY' | 'STARTING' | 'FAILING' | 'MISSING'
  readonly message: string
}

export const HealthDocument = gql<{ health: { parts: HealthPart[] } }>`
  query Health {
    health {
      parts {
        name
        state
        message
      }
    }
  }
`
