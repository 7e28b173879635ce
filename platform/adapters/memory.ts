import type { Memory } from '../ports/memory.ts'

/** Forgets the key that was not used for longest once it holds `limit` of them: cameras come and go for months. */
export function memory(limit = 10_000): Memory {
  const held = new Map<string, unknown>()
  return {
    get<T>(key: string): T | undefined {
      const value = held.get(key)
      if (value === undefined) return undefined
      held.delete(key)
      held.set(key, value)
      return value as T
    },
    set<T>(key: string, value: T): void {
      held.delete(key)
      held.set(key, value)
      if (held.size > limit) held.delete(held.keys().next().value!)
    },
  }
}
