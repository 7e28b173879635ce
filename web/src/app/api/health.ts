import { gql } from 'urql'
import { SAID, type Sentence } from '../../lib/said.ts'

export interface HealthPart {
  readonly name: string
  readonly state: 'READY' | 'STARTING' | 'FAILING' | 'MISSING'
  readonly message: string
  readonly said: readonly Sentence[]
}

export const HealthDocument = gql<{ health: { parts: HealthPart[] } }>`
  query Health {
    health {
      parts {
        name
        state
        message
        said { ${SAID} }
      }
    }
  }
`
