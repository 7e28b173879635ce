import { systemClock } from '../../adapters/system-clock.ts'
import { SentinelError } from '../../errors.ts'
import { Recipe } from '../../events/training.ts'
import type { TrainingWish } from '../../training/recipe.ts'
import { requestTraining } from '../../training/request.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { openObjects, type PlaceFlags, printJson } from '../models/place.ts'

/** Who asks where no Sentinel runs that knows its users. */
const OPERATOR = 'operator'

export async function start(flags: PlaceFlags & { readonly method?: string }): Promise<void> {
  const { data: method, error } = Recipe.shape.method.exclude(['full']).optional().safeParse(flags.method)
  if (error)
    throw new SentinelError('INPUT_INVALID', `There is no method ${flags.method}. There are last, head and whole.`)
  const { id } = await askForTraining(flags.dataDir, { ...(method && { method }) })
  if (flags.json) printJson({ id })
  else process.stdout.write(`${id} is requested. It runs as soon as Sentinel does.\n`)
}

interface Requested {
  readonly id: string
  readonly dataset: string
  /** Digest of the model that learns. */
  readonly parent: string
}

/** Through the Sentinel that runs on the data directory, or in its database. */
export async function askForTraining(dataDir: string, wish: TrainingWish) {
  return onDataDirectory<Requested>(dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($method: TrainingMethod, $steps: Int, $takenAlong: Boolean) {
        startTraining(method: $method, steps: $steps, takenAlong: $takenAlong) { run { id dataset parent { digest } } ${ERRORS} } }`
      const method = wish.method?.toUpperCase() ?? null
      const variables = { method, steps: wish.steps ?? null, takenAlong: wish.isTakenAlong ?? false }
      const { run } = succeeded((await ask<{ startTraining: StartPayload }>(query, variables)).startTraining)
      return { id: run.id, dataset: run.dataset, parent: run.parent.digest }
    },
    stopped: async ({ database }) =>
      requestTraining({ database, objects: await openObjects(dataDir), clock: systemClock }, OPERATOR, wish),
  })
}

type StartPayload = Payload & {
  readonly run: { readonly id: string; readonly dataset: string; readonly parent: { readonly digest: string } }
}
