import { gql } from 'urql'

export const FoundCamerasDocument = gql<
  { cameras: { edges: { node: { id: string; name: string } }[] } },
  { search: string }
>`
  query FoundCameras($search: String!) {
    cameras(first: 8, filter: { search: $search }) {
      edges {
        node {
          id
          name
        }
      }
    }
  }
`
