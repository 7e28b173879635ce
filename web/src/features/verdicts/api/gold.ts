import { gql } from 'urql'
import { REFUSAL, type Refusal } from '../../../lib/refusal.ts'

interface Payload {
  readonly item: { readonly itemId: string } | null
  readonly errors: readonly Refusal[]
}

export const GoldItemsDocument = gql<{
  goldItems: { itemId: string; addedBy: string; addedAt: string }[]
}>`
  query GoldItems {
    goldItems {
      itemId
      addedBy
      addedAt
    }
  }
`

export const AddGoldDocument = gql<{ addGoldItem: Payload }, { itemId: string }>`
  mutation AddGold($itemId: ID!) {
    addGoldItem(input: { itemId: $itemId }) {
      item {
        itemId
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`

export const RemoveGoldDocument = gql<{ removeGoldItem: Payload }, { itemId: string }>`
  mutation RemoveGold($itemId: ID!) {
    removeGoldItem(itemId: $itemId) {
      item {
        itemId
      }
      errors {
        ${REFUSAL}
      }
    }
  }
`
