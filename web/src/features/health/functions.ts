import type { Figure, State } from './api/state.ts'

/** What one function does, from two looks at its counters. */
export interface FunctionRow {
  readonly name: string
  /** Events that wait for it. */
  readonly lag: number
  readonly handled: number
  /** Events a second; undefined until there are two looks, or after the counters began anew. */
  readonly rate: number | undefined
  readonly retries: number
  readonly deadLetters: number
}

export interface Look {
  /** ms since the epoch. */
  readonly at: number
  readonly state: Pick<State, 'lag' | 'figures'>
}

export function functionRows(now: Look, before: Look | undefined): FunctionRow[] {
  return now.state.lag.map(({ function: name, lag }) => {
    const count = (look: Look, figure: string): number => sumOf(look.state.figures, `sentinel_${figure}_total`, name)
    const handled = count(now, 'events_handled')
    const seconds = before ? (now.at - before.at) / 1000 : 0
    const more = before ? handled - count(before, 'events_handled') : -1
    return {
      name,
      lag,
      handled,
      rate: seconds > 0 && more >= 0 ? more / seconds : undefined,
      retries: count(now, 'retries'),
      deadLetters: count(now, 'dead_letters'),
    }
  })
}

/** A figure without labels, such as those of the live pictures. */
export function figureOf(figures: readonly Figure[], name: string): number {
  return figures.find((figure) => figure.name === name)?.value ?? 0
}

function sumOf(figures: readonly Figure[], name: string, fn: string): number {
  return figures
    .filter(
      (figure) =>
        figure.name === name && figure.labels.some((label) => label.name === 'function' && label.value === fn),
    )
    .reduce((sum, { value }) => sum + value, 0)
}
