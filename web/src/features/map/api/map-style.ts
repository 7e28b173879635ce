import { gql } from 'urql'

export const MapStyleDocument = gql<{ dashboard: { mapStyle: string | null } }>`
  query MapStyle {
    dashboard {
      mapStyle
    }
  }
`
