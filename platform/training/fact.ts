import type { TrainingRun } from './request.ts'

/** The id of what is told of a run: the same however often an attempt is done, another for the next attempt. */
export function factIdOf({ id, attempt }: Pick<TrainingRun, 'id' | 'attempt'>, what: string): string {
  return attempt === 1 ? `${id}-${what}` : `${id}-${attempt}-${what}`
}
