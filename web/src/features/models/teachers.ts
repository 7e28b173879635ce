import type { Teaching } from './api/lineage.ts'

interface Teacher {
  readonly name: string
  readonly frames: number
  /** Of these, the ones that were taken back since. */
  readonly withdrawn: number
}

/** Who said what a model learnt from, the busiest first. */
export function teachersIn(teachings: readonly Pick<Teaching, 'annotator' | 'withdrawnAt'>[]): Teacher[] {
  const byPerson = Map.groupBy(teachings, ({ annotator }) => annotator)
  return [...byPerson]
    .map(([name, all]) => ({
      name,
      frames: all.length,
      withdrawn: all.filter(({ withdrawnAt }) => withdrawnAt !== null).length,
    }))
    .sort((a, b) => b.frames - a.frames || (a.name < b.name ? -1 : 1))
}
