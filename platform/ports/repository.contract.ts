import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import type { Change, Repository } from './repository.ts'

const change = (onto: string | undefined, text: string, message = `Say ${text}`): Change => ({
  ...{ onto, text, message, author: 'Ada Lovelace' },
  at: Date.parse('2026-06-01T08:00:00Z'),
})

/** What every deployment repository must do, whoever keeps it. @param open opens the same one each time within a test. */
export function repositoryContract(name: string, open: (t: TestContext) => Promise<() => Promise<Repository>>): void {
  describe(`repository contract: ${name}`, () => {
    test('it begins empty', async (t) => {
      const repository = await (await open(t))()
      assert.equal(await repository.head(), undefined)
      assert.deepEqual(await repository.history(10), [])
    })

    test('what was committed is there for whoever opens it next, the newest first, with who, when and why', async (t) => {
      const reopen = await open(t)
      const repository = await reopen()
      const first = await repository.commit(change(undefined, 'one'))
      const second = await repository.commit(change(first.id, 'two', 'Say two\n\nBecause: ü'))
      const again = await reopen()
      assert.deepEqual(await again.head(), second)
      assert.deepEqual(await again.history(10), [second, first])
      assert.deepEqual(await again.history(1), [second])
      const { parent, message, author, at, text } = second
      assert.deepEqual([parent, message, author, text], [first.id, 'Say two\n\nBecause: ü', 'Ada Lovelace', 'two'])
      assert.equal(at, Date.parse('2026-06-01T08:00:00Z'))
    })

    test('a change that was made from an older commit is refused, and nothing is lost', async (t) => {
      const repository = await (await open(t))()
      const first = await repository.commit(change(undefined, 'one'))
      const second = await repository.commit(change(first.id, 'two'))
      await assert.rejects(repository.commit(change(first.id, 'three')), { code: 'CONFLICT' })
      await assert.rejects(repository.commit(change(undefined, 'three')), { code: 'CONFLICT' })
      assert.deepEqual(await repository.head(), second)
    })

    test('of several changes at once one wins, the others are refused', async (t) => {
      const repository = await (await open(t))()
      const { id } = await repository.commit(change(undefined, 'one'))
      const all = ['a', 'b', 'c'].map((text) => repository.commit(change(id, text)))
      const settled = await Promise.allSettled(all)
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.equal((await repository.history(10)).length, 2)
    })

    test('without a remote there is nothing to exchange', async (t) => {
      const repository = await (await open(t))()
      assert.deepEqual(await repository.synchronise(), { state: 'none', message: '', told: [] })
    })
  })
}
