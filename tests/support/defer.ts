/** What ends at some time: a test, or anything else that opens much. */
export interface Scope {
  after(work: () => unknown): void
}

const deferred = new WeakMap<Scope, (() => unknown)[]>()

/** Runs after the test, last deferred first: what was opened last is closed first. */
export function defer(t: Scope, work: () => unknown): void {
  const stack = deferred.get(t)
  if (stack) return void stack.push(work)
  const fresh = [work]
  deferred.set(t, fresh)
  t.after(async () => {
    for (const each of fresh.reverse()) await each()
  })
}
