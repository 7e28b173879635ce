/** Cameras in the order that was chosen; those that nobody has moved follow in theirs. */
export function inOrder<T extends { readonly id: string }>(cameras: readonly T[], order: readonly string[]): T[] {
  const place = new Map(order.map((id, i) => [id, i]))
  return cameras.toSorted((a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length))
}

/** The order after a camera has been moved to the place of another one. */
export function moved(ids: readonly string[], camera: string, to: string): string[] {
  const at = ids.indexOf(to)
  return ids.filter((id) => id !== camera).toSpliced(at, 0, camera)
}

/** The order after a camera has been moved by so many places. */
export function movedBy(ids: readonly string[], camera: string, by: number): string[] {
  const to = ids[ids.indexOf(camera) + by]
  return to === undefined ? [...ids] : moved(ids, camera, to)
}
