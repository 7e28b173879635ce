import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type ExecutionResult,
  GraphQLError,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  parse,
} from 'graphql'
import type { Told } from './live.ts'
import { SharedAnswers } from './shared-answers.ts'

type Seen = Told<{ readonly name: string }>

/** A schema whose one subscription tells what `source` yields, and counts how often it was asked to make an answer. */
function serving(source: () => AsyncIterable<Seen>) {
  const made: string[] = []
  const told = {
    type: new GraphQLObjectType({
      name: 'Seen',
      fields: { name: { type: GraphQLString }, dropped: { type: GraphQLInt } },
    }),
    subscribe: source,
    resolve: ({ value, dropped }: Seen) => {
      made.push(value.name)
      if (value.name === 'broken') throw new Error('the inside')
      return { ...value, dropped }
    },
  }
  const nothing = new GraphQLObjectType({ name: 'Query', fields: { none: { type: GraphQLString } } })
  const subscription = new GraphQLObjectType({ name: 'Subscription', fields: { seen: told } })
  const schema = new GraphQLSchema({ query: nothing, subscription })
  const answers = new SharedAnswers((error) =>
    error instanceof GraphQLError && !error.originalError ? error : new GraphQLError('hidden'),
  )
  const ask = (key: string) =>
    answers.subscribe({ schema, document: parse('subscription { seen { name dropped } }'), key })
  return { made, ask }
}

async function all(answers: Awaited<ReturnType<SharedAnswers['subscribe']>>): Promise<ExecutionResult[]> {
  assert.ok(Symbol.asyncIterator in answers)
  return Array.fromAsync(answers)
}

async function* listed(values: readonly Seen[]): AsyncGenerator<Seen> {
  yield* values
}

const A = { name: 'a' }

describe('answers to the same event', () => {
  test('are made once for all who ask the same, and anew for who asks something else', async () => {
    const { ask, made } = serving(() => listed([{ value: A, dropped: 0 }]))
    const told = await Promise.all(['q', 'q', 'q', 'other'].map(async (key) => all(await ask(key))))
    assert.deepEqual(made, ['a', 'a'])
    assert.deepEqual({ ...(told[0]![0]!.data!.seen as object) }, { name: 'a', dropped: 0 })
    assert.equal(told[0]![0], told[2]![0])
    assert.notEqual(told[0]![0], told[3]![0])
  })

  test('of a subscriber who has lost some are his alone', async () => {
    const lost = [0, 7]
    const { ask } = serving(() => listed([{ value: A, dropped: lost.pop()! }]))
    const [first, second] = [await all(await ask('q')), await all(await ask('q'))]
    assert.deepEqual(
      [first, second].map(([answer]) => (answer!.data!.seen as { dropped: number }).dropped),
      [7, 0],
    )
  })

  test('tell nothing of the inside of a failure, neither of one event nor of the source', async () => {
    const { ask } = serving(async function* () {
      yield { value: { name: 'broken' }, dropped: 0 }
      throw new Error('the inside')
    })
    const answers = await ask('q')
    assert.ok(Symbol.asyncIterator in answers)
    const { value } = await answers.next()
    assert.deepEqual(value!.errors!.map(String), ['hidden'])
    await assert.rejects(answers.next(), { message: 'hidden' })
  })

  test('that cannot be, because nothing can be subscribed to, are errors at once', async () => {
    const { ask } = serving(() => {
      throw new Error('the inside')
    })
    const answer = await ask('q')
    assert.ok('errors' in answer)
    assert.deepEqual(answer.errors!.map(String), ['hidden'])
  })

  test('end with the subscription, and so does their source', async () => {
    let isOver = false
    const { ask } = serving(async function* () {
      try {
        for (;;) yield { value: { name: 'a' }, dropped: 0 }
      } finally {
        isOver = true
      }
    })
    const answers = await ask('q')
    assert.ok(Symbol.asyncIterator in answers)
    for await (const _ of answers) break
    assert.equal(isOver, true)
  })
})
