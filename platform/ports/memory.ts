/**
 * What a function remembers of one camera between deliveries, such as its tracks. It belongs to the process that owns the
 * key's partition and is lost with it: only what can be built up again may live here.
 */
export interface Memory {
  get<T>(key: string): T | undefined
  set<T>(key: string, value: T): void
}
