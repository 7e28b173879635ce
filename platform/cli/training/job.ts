import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../../adapters/system-clock.ts'
import { readDataset } from '../../datasets/store.ts'
import { readEnvironment } from '../../env.ts'
import { SentinelError } from '../../errors.ts'
import { Settings } from '../../hosts/local/settings.ts'
import { root } from '../../paths.ts'
import { saidBy } from '../../said.ts'
import { beginElsewhere, failElsewhere, nextElsewhere } from '../../training/elsewhere.ts'
import type { TrainingRun } from '../../training/request.ts'
import { onDataDirectory } from '../data-place.ts'
import { openObjects, type PlaceFlags } from '../models/place.ts'
import { finish } from './full.ts'
import { type AskedTraining, jobIn, writeJob } from './job-folder.ts'
import { EndedScript, runScript } from './script.ts'

interface JobFlags extends PlaceFlags {
  /** Where the job lies; of one that is started again it holds the checkpoint. */
  readonly folder: string
  /** detector/ of this repository. */
  readonly recipe?: string
  /** Seconds between two looks at whether somebody has cancelled it. */
  readonly lookEvery: number
}

interface Requested extends AskedTraining {
  readonly method: string
  readonly state: string
}

/**
 * What the container of a training does: a requested run's pictures and weights out of the object store, the recipe, and what comes of it
 * back into the object store and the database. Started again it goes on where it was; one that is done already it leaves alone.
 *
 * @param which the run's id; `next` for the oldest that waits for a Job.
 * @param options of train.py, such as `--device cuda`.
 */
export async function runJob(which: string, options: readonly string[], flags: JobFlags): Promise<void> {
  const asked = which === 'next' ? await nextRun(flags.dataDir) : await requestedRun(which, flags.dataDir)
  if (!asked) return void process.stderr.write('No training waits for a Job.\n')
  const { id, method, state } = asked
  if (method !== 'full')
    throw new SentinelError('CONFLICT', `Training ${id} is by ${method}; the trainer does it by itself.`)
  if (state === 'completed') return void process.stderr.write(`Training ${id} is done already.\n`)
  if (state === 'failed' || state === 'cancelled')
    throw new SentinelError('CONFLICT', `Training ${id} was ${state}. Ask for it again, then run the job again.`)
  const folder = which === 'next' ? join(resolve(flags.folder), id) : resolve(flags.folder)
  await teach(asked, folder, options, flags)
  await finish(folder, flags)
}

async function teach(asked: Requested, folder: string, options: readonly string[], flags: JobFlags): Promise<void> {
  const { id, dataset } = asked
  const objects = await openObjects(flags.dataDir)
  if (existsSync(join(folder, 'job.json'))) await checkIsOf(folder, id)
  else await writeJob(objects, folder, asked)
  const pictures = (await readDataset(objects, dataset)).entries.length
  await tell(flags.dataDir, (desk) => beginElsewhere(desk, id, hostname(), pictures))
  const over = new AbortController()
  const watch = watchForEnd(id, flags, over)
  try {
    const recipe = resolve(flags.recipe ?? join(root, 'detector'))
    await runScript(join(folder, 'train.sh'), [recipe, ...options], over.signal)
  } catch (error) {
    if (error instanceof EndedScript && !over.signal.aborted)
      await tell(flags.dataDir, (desk) => failElsewhere(desk, id, saidBy(error)))
    throw over.signal.reason ?? error
  } finally {
    over.abort()
    await watch
  }
}

/** Ends what runs when somebody has cancelled it. A database that is away is asked again; an embedded one nobody else writes into. */
async function watchForEnd(id: string, { dataDir, lookEvery }: JobFlags, over: AbortController): Promise<void> {
  const isShared = readEnvironment(Settings.pick({ databaseUrl: true }), process.env).databaseUrl !== undefined
  while (isShared && !over.signal.aborted) {
    await sleep(lookEvery * 1000, undefined, { signal: over.signal }).catch(() => {})
    if (over.signal.aborted) return
    const state = await requestedRun(id, dataDir).then(
      (run) => run.state,
      (error: Error) => void process.stderr.write(`Whether it was cancelled cannot be told: ${error.message}\n`),
    )
    if (state === 'cancelled') over.abort(new SentinelError('CANCELLED', `Training ${id} was cancelled.`))
  }
}

async function checkIsOf(folder: string, id: string): Promise<void> {
  const { run } = await jobIn(folder)
  if (run !== id)
    throw new SentinelError('INPUT_INVALID', `${folder} holds training ${run}, not ${id}. Name another folder.`)
}

type Tell = (desk: Parameters<typeof beginElsewhere>[0]) => Promise<TrainingRun>

/** Where a Sentinel runs on the data directory it hears of the training when that is handed in. */
async function tell(dataDir: string, what: Tell): Promise<void> {
  await onDataDirectory<void>(dataDir, process.env, {
    running: async () => {},
    stopped: async ({ database }) => void (await what({ database, clock: systemClock })),
  })
}

function nextRun(dataDir: string): Promise<Requested | undefined> {
  return onDataDirectory<Requested | undefined>(dataDir, process.env, {
    running: () => {
      throw new SentinelError(
        'CONFLICT',
        'A Sentinel runs on this data directory. Name the training that is to be done: sentinel train job RUN.',
      )
    },
    stopped: async ({ database }) => {
      const row = await nextElsewhere(database)
      return row && requestedIn(row)
    },
  })
}

async function requestedRun(id: string, dataDir: string): Promise<Requested> {
  const run = await onDataDirectory<Requested | undefined>(dataDir, process.env, {
    running: async (ask) => {
      const query =
        '{ trainingRuns(first: 200) { edges { node { id state method steps dataset parent { digest } } } } }'
      const { edges } = (await ask<{ trainingRuns: { edges: { node: Told }[] } }>(query, {})).trainingRuns
      const told = edges.map(({ node }) => node).find((node) => node.id === id)
      return told && { ...told, ...lowered(told), parent: told.parent.digest, images: told.steps }
    },
    stopped: async ({ database }) => {
      const row = await database.selectFrom('training_runs').selectAll().where('id', '=', id).executeTakeFirst()
      return row && requestedIn(row)
    },
  })
  if (run) return run
  throw new SentinelError('NOT_FOUND', `There is no training ${id} here. sentinel train full asks for one.`)
}

function requestedIn(row: TrainingRun): Requested {
  const { id, state, dataset, parent, recipe } = row
  return { id, state, dataset, parent, method: recipe.method, images: recipe.steps }
}

interface Told {
  readonly id: string
  readonly state: string
  readonly method: string
  readonly steps: number
  readonly dataset: string
  readonly parent: { readonly digest: string }
}

const lowered = ({ state, method }: Told) => ({ state: state.toLowerCase(), method: method.toLowerCase() })
