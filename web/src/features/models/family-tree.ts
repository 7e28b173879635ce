interface Descendant {
  readonly id: string
  readonly registeredAt: string | null
  readonly lineage: { readonly parent: { readonly id: string; readonly name: string } } | null
}

export interface Branch<Model> {
  /** Undefined for a parent that is not known here any more. */
  readonly model: Model | undefined
  readonly id: string
  readonly depth: number
  /** Whether it is the last of its parent's children. */
  readonly isLast: boolean
}

/** Models under the ones that they learnt from, the oldest of a family first; a parent that is gone still has its place. */
export function familyTree<Model extends Descendant>(models: readonly Model[]): Branch<Model>[] {
  const known = new Map(models.map((model) => [model.id, model]))
  const parentOf = ({ lineage }: Model): string | undefined => lineage?.parent.id
  const children = Map.groupBy(models, (model) => parentOf(model) ?? '')
  const roots = [...new Set(models.map((model) => parentOf(model) ?? model.id))].filter((id) => {
    const model = known.get(id)
    return model === undefined || parentOf(model) === undefined
  })
  const walk = (id: string, depth: number, isLast: boolean): Branch<Model>[] => {
    const below = (children.get(id) ?? []).toSorted(byTime)
    const branch = { model: known.get(id), id, depth, isLast }
    return [branch, ...below.flatMap((child, i) => walk(child.id, depth + 1, i === below.length - 1))]
  }
  return roots.flatMap((id, i) => walk(id, 0, i === roots.length - 1))
}

function byTime(a: Descendant, b: Descendant): number {
  return (a.registeredAt ?? '') < (b.registeredAt ?? '') ? -1 : 1
}
