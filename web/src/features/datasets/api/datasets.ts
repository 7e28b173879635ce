import { gql } from 'urql'

export interface Share {
  readonly name: string
  readonly train: number
  readonly val: number
}

export interface Dataset {
  readonly id: string
  readonly createdAt: string
  readonly train: number
  readonly val: number
  readonly base: number
  readonly boxes: number
  readonly byClass: readonly Share[]
  readonly byCamera: readonly Share[]
  readonly byLight: readonly Share[]
}

export interface Annotator {
  readonly id: string
  readonly annotations: number
  readonly shared: number
  readonly agreed: number
  readonly gold: number
  readonly precision: number | null
  readonly recall: number | null
  readonly overlap: number | null
}

export const DatasetsDocument = gql<{ datasets: { edges: { node: Dataset }[] } }>`
  query Datasets {
    datasets(first: 50) {
      edges {
        node {
          id
          createdAt
          train
          val
          base
          boxes
          byClass {
            name
            train
            val
          }
          byCamera {
            name
            train
            val
          }
          byLight {
            name
            train
            val
          }
        }
      }
    }
  }
`

export const AnnotatorsDocument = gql<{ annotators: Annotator[] }>`
  query Annotators {
    annotators {
      id
      annotations
      shared
      agreed
      gold
      precision
      recall
      overlap
    }
  }
`

export interface Picture {
  readonly id: string
  readonly imageUrl: string
  readonly camera: string
  /** Null for a picture that no person judged here. */
  readonly verdictId: string | null
  readonly width: number
  readonly height: number
  readonly split: string
  readonly boxes: readonly {
    readonly class: string
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }[]
}

export interface Difference {
  readonly addedCount: number
  readonly removedCount: number
  readonly changedCount: number
  readonly addedClasses: readonly string[]
  readonly removedClasses: readonly string[]
  readonly added: readonly Picture[]
  readonly removed: readonly Picture[]
  readonly changed: readonly Picture[]
}

const fields = `id imageUrl camera width height split verdictId boxes { class x y width height }`

export const DifferenceDocument = gql<{ datasetDifference: Difference }, { from: string; to: string }>`
  query DatasetDifference($from: ID!, $to: ID!) {
    datasetDifference(from: $from, to: $to) {
      addedCount
      removedCount
      changedCount
      addedClasses
      removedClasses
      added {
        ${fields}
      }
      removed {
        ${fields}
      }
      changed {
        ${fields}
      }
    }
  }
`
