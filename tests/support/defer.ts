import type { TestContext } from 'node:test'

const deferred = new WeakMap<TestContext, (() => unknown)[]>()

/** Runs after the test, last deferred first: what was opened last is closed first. */
export function defer(t: TestContext, work: () => unknown): void {
  const stack = deferred.get(t)
  if (stack) return void stack.push(work)
  const fresh = [work]
  deferred.set(t, fresh)
  t.after(async () => {
    for (const each of fresh.reverse()) await each()
  })
}
