interface Timed {
  readonly id: string
  readonly time: string
}

/**
 * Newest first, each once: what the subscription told, and what a query found again after a gap. A few events go into a long
 * list in time that grows with the list, not with sorting it.
 *
 * @param known in that order already.
 */
export function merge<Event extends Timed>(known: readonly Event[], more: readonly Event[]): readonly Event[] {
  if (more.length === 0) return known
  const added = [...new Map(more.map((event) => [event.id, event])).values()].sort(newestFirst)
  const told = new Set(added.map(({ id }) => id))
  const kept = known.filter(({ id }) => !told.has(id))
  const merged: Event[] = []
  let taken = 0
  for (const event of added) {
    const place = placeOf(kept, event, taken)
    for (; taken < place; taken++) merged.push(kept[taken]!)
    merged.push(event)
  }
  for (; taken < kept.length; taken++) merged.push(kept[taken]!)
  return merged
}

function newestFirst(a: Timed, b: Timed): number {
  return Date.parse(b.time) - Date.parse(a.time) || (a.id < b.id ? 1 : -1)
}

/** The first place from `low` on whose event comes after this one. */
function placeOf(sorted: readonly Timed[], event: Timed, from: number): number {
  let [low, high] = [from, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (newestFirst(sorted[middle]!, event) < 0) low = middle + 1
    else high = middle
  }
  return low
}
