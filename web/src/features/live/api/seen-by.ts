import { gql } from 'urql'

export const SeenByDocument = gql<
  {
    camera: {
      id: string
      lastDetection: { id: string; model: { id: string; name: string } } | null
    } | null
  },
  { id: string }
>`
  query SeenBy($id: ID!) {
    camera(id: $id) {
      id
      lastDetection {
        id
        model {
          id
          name
        }
      }
    }
  }
`
