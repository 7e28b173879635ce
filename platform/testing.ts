import assert from 'node:assert/strict'
import type { z } from 'zod'
import { memory } from './adapters/memory.ts'
import { completeEvent, derivedId } from './events/complete.ts'
import { type Draft, type SentinelEvent, validate } from './events/event.ts'
import type { AnyDefinition, DraftOf, FunctionDeclaration, Implementation } from './function.ts'
import type { Clock } from './ports/clock.ts'
import type { Ports } from './ports/ports.ts'

/** A clock that stands still until the test moves it; whoever sleeps wakes when its time has come. */
export class TestClock implements Clock {
  #now: number
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  constructor(now: number | string = '2026-06-01T08:00:00Z') {
    this.#now = typeof now === 'number' ? now : Date.parse(now)
  }

  now(): number {
    return this.#now
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper = { at: this.#now + ms, wake }
      signal?.addEventListener('abort', wake)
      this.#sleepers.add(sleeper)
    })
  }

  advance(ms: number): void {
    this.#now += ms
    for (const { at, wake } of [...this.#sleepers].sort((a, b) => a.at - b.at)) if (at <= this.#now) wake()
  }
}

// biome-ignore lint/suspicious/noExplicitAny: matches every declaration
type AnyDeclaration = FunctionDeclaration<any, any, any, any>

interface World<F extends AnyDeclaration> {
  readonly ports?: Partial<Pick<Ports, F['needs'][number]>>
  readonly config?: Partial<z.infer<F['config']>>
  readonly signal?: AbortSignal
  readonly superseded?: AbortSignal
  readonly position?: { readonly partition: number; readonly offset: number }
}

/** given(function, world).when(event).then(facts): a handler on its own, its inputs and outputs checked as on the log. */
export function given<F extends AnyDeclaration>(fn: Implementation<F>, world: World<F> = {}): Scenario<F> {
  return new Scenario(fn, world)
}

class Scenario<F extends AnyDeclaration> {
  readonly #fn: Implementation<F>
  readonly #context: Record<string, unknown>
  #deliveries = 0

  constructor(fn: Implementation<F>, { ports, config, ...rest }: World<F>) {
    const { declaration } = fn
    this.#fn = fn
    const never = new AbortController().signal
    const provided: Record<string, unknown> = { clock: new TestClock(), memory: memory(), ...ports }
    const needed = (declaration.needs as readonly string[]).map((name) => [name, provided[name]])
    const missing = needed.filter(([, port]) => port === undefined).map(([name]) => name)
    assert.deepEqual(missing, [], `${declaration.name} needs ports that this test does not give`)
    this.#context = {
      ...Object.fromEntries(needed),
      config: declaration.config.parse(config ?? {}),
      signal: never,
      superseded: never,
      ...rest,
    }
  }

  when(...drafts: DraftOf<F['on'][number]>[]): Outcome<F> {
    return new Outcome(this.#run(drafts.map((draft) => this.#arrived(draft as Draft))))
  }

  /** As a host sees it: completed by its producer, and checked. */
  #arrived(draft: Draft): SentinelEvent {
    assert.ok(
      (this.#fn.declaration.on as readonly AnyDefinition[]).includes(draft.definition),
      'it does not ask for this',
    )
    const origin = { source: '/sentinel/test', id: `given-${this.#deliveries++}`, time: '2026-06-01T08:00:00.000Z' }
    return validate(draft.definition, completeEvent(draft, origin))
  }

  async #run(events: readonly SentinelEvent[]): Promise<SentinelEvent[]> {
    const { handle, handleBatch } = this.#fn
    if (handleBatch) return this.#checked(await handleBatch(events as never, this.#context as never), events[0]!)
    const out: SentinelEvent[] = []
    for (const event of events) {
      const returned = await handle!(event as never, this.#context as never)
      const drafts = Symbol.asyncIterator in returned ? await Array.fromAsync(returned) : [returned].flat()
      out.push(...this.#checked(drafts as Draft[], event))
    }
    return out
  }

  #checked(drafts: readonly Draft[], cause: SentinelEvent): SentinelEvent[] {
    const { name, emits } = this.#fn.declaration
    return drafts.map((draft, index) => {
      assert.ok((emits as readonly AnyDefinition[]).includes(draft.definition), `${name} does not declare this output`)
      const origin = { source: `/sentinel/functions/${name}`, id: derivedId(cause, name, index), time: cause.time }
      return validate(draft.definition, completeEvent(draft, origin))
    })
  }
}

class Outcome<F extends AnyDeclaration> {
  readonly events: Promise<SentinelEvent[]>

  constructor(events: Promise<SentinelEvent[]>) {
    this.events = events
  }

  /** These facts and no others, in this order: type, subject and data. */
  async thenEmits(...expected: DraftOf<F['emits'][number]>[]): Promise<SentinelEvent[]> {
    const events = await this.events
    assert.deepEqual(
      events.map(({ type, subject, data }) => ({ type, subject, data })),
      (expected as Draft[]).map(({ definition, subject, data }) => ({ type: definition.type, subject, data })),
    )
    return events
  }

  async thenFails(code: string): Promise<void> {
    await assert.rejects(this.events, { code })
  }
}
