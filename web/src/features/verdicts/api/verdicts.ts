import { gql } from 'urql'

interface NamedModel {
  readonly id: string
  readonly name: string
}

interface DrawnBox {
  readonly class: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What a person said of a frame, as it stands among others. */
export interface ListedVerdict {
  readonly id: string
  readonly annotator: string
  readonly verdict: 'confirm' | 'correct'
  readonly recordedAt: string
  readonly withdrawnAt: string | null
  readonly camera: { readonly id: string; readonly name: string }
  readonly imageUrl: string
  readonly width: number
  readonly height: number
  readonly drawn: readonly DrawnBox[]
}

export interface Verdict extends ListedVerdict {
  readonly itemId: string
  readonly capturedAt: string
  readonly light: string
  readonly withdrawnBy: string | null
  readonly stands: boolean
  readonly rule: 'single' | 'consensus' | 'adjudication' | null
  readonly agreedBy: readonly string[]
  readonly shownBy: NamedModel
  readonly shown: readonly (DrawnBox & { readonly score: number })[]
  readonly taught: readonly NamedModel[]
}

const fields = `
  id annotator verdict recordedAt withdrawnAt imageUrl width height
  camera { id name }
  drawn { class x y width height }
`

export const VerdictsDocument = gql<
  { annotations: { edges: { node: ListedVerdict }[]; pageInfo: { hasNextPage: boolean } } },
  { annotator: string | null; first: number }
>`
  query Verdicts($annotator: String, $first: Int!) {
    annotations(annotator: $annotator, first: $first) {
      edges {
        node {
          ${fields}
        }
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`

export const VerdictDocument = gql<{ annotation: Verdict | null }, { id: string }>`
  query Verdict($id: ID!) {
    annotation(id: $id) {
      ${fields}
      itemId
      capturedAt
      light
      withdrawnBy
      stands
      rule
      agreedBy
      shownBy {
        id
        name
      }
      shown {
        class
        score
        x
        y
        width
        height
      }
      taught {
        id
        name
      }
    }
  }
`
