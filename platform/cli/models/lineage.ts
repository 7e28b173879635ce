import { ancestryOf, taughtBy, teachingsOf } from '../../models/lineage.ts'
import { wholeDigest } from '../../models/store.ts'
import type { Database } from '../../ports/database.ts'
import { onDataDirectory } from '../data-place.ts'
import { openObjects, type PlaceFlags, printJson } from './place.ts'

interface Word {
  readonly verdictId: string
  readonly itemId: string
  readonly annotator: string
  readonly withdrawnAt: string | null
  /** Digests of all that learnt from it. */
  readonly models: readonly string[]
}

interface Generation {
  readonly digest: string
  readonly name: string
  readonly dataset: string | null
  readonly trainingRunId: string | null
  readonly teachings: readonly Word[]
}

const QUERY = `query ($digest: String!) { modelLineage(digest: $digest) { model { digest name } dataset trainingRunId
  teachings { verdictId itemId annotator withdrawnAt models { digest } } } }`

/** Prints a model's line: what each was made of, and whose word it learnt from. */
export async function lineage(digest: string, { dataDir, json }: PlaceFlags): Promise<void> {
  const line = await onDataDirectory(dataDir, process.env, {
    running: async (ask) => {
      const answer = await ask<{ modelLineage: readonly Answered[] }>(QUERY, { digest })
      return answer.modelLineage.map(generationOf)
    },
    stopped: async ({ database }) => lineIn(database, await wholeDigest(await openObjects(dataDir), digest)),
  })
  if (json) printJson(line)
  else for (const generation of line) print(generation)
}

type Answered = Omit<Generation, 'digest' | 'name' | 'teachings'> & {
  readonly model: Pick<Generation, 'digest' | 'name'>
  readonly teachings: readonly (Omit<Word, 'models'> & { readonly models: readonly { readonly digest: string }[] })[]
}

function generationOf({ model, teachings, ...rest }: Answered): Generation {
  const words = teachings.map((each) => ({ ...each, models: each.models.map(({ digest }) => digest) }))
  return { ...model, ...rest, teachings: words }
}

async function lineIn(database: Database, digest: string): Promise<Generation[]> {
  const line: Generation[] = []
  for (const { digest: own, name, dataset, run, verdicts } of await ancestryOf(database, digest)) {
    const teachings: Word[] = []
    for (const { verdictId, itemId, annotator, withdrawnAt } of await teachingsOf(database, verdicts)) {
      const models = await taughtBy(database, verdictId)
      teachings.push({ verdictId, itemId, annotator, withdrawnAt: withdrawnAt?.toISOString() ?? null, models })
    }
    line.push({ digest: own, name: name ?? own, dataset, trainingRunId: run, teachings })
  }
  return line
}

function print({ digest, name, dataset, trainingRunId, teachings }: Generation): void {
  const origin = dataset === null ? 'brought by somebody' : `training ${trainingRunId} on dataset ${dataset}`
  process.stdout.write(`${digest}  ${name}  ${origin}\n`)
  for (const { verdictId, itemId, annotator, withdrawnAt, models } of teachings) {
    const taken = withdrawnAt === null ? '' : `, taken back ${withdrawnAt}`
    process.stdout.write(
      `  ${annotator} on ${itemId} (verdict ${verdictId}${taken}), carried by ${models.length} models\n`,
    )
  }
}
