interface Timed {
  readonly id: string
  readonly time: string
}

/** Newest first, each once: what the subscription told, and what a query found again after a gap. */
export function merge<Event extends Timed>(known: readonly Event[], more: readonly Event[]): Event[] {
  const byId = new Map([...known, ...more].map((event) => [event.id, event]))
  return [...byId.values()].sort((a, b) => Date.parse(b.time) - Date.parse(a.time) || (a.id < b.id ? 1 : -1))
}
