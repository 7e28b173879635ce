import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SentinelError } from '../../errors.ts'
import { root } from '../../paths.ts'
import { onDataDirectory } from '../data-place.ts'
import { openObjects, type PlaceFlags } from '../models/place.ts'
import { finish } from './full.ts'
import { type AskedTraining, jobIn, writeJob } from './job-folder.ts'

interface JobFlags extends PlaceFlags {
  /** Where the job lies; of one that is started again it holds the checkpoint. */
  readonly folder: string
  /** detector/ of this repository. */
  readonly recipe?: string
}

interface Requested extends AskedTraining {
  readonly method: string
  readonly state: string
}

/**
 * What the container of a training does: a requested run's pictures and weights out of the object store, the recipe, and what comes of it
 * back into the object store and the database. Started again it goes on where it was; one that is done already it leaves alone.
 *
 * @param options of train.py, such as `--device cuda`.
 */
export async function runJob(id: string, options: readonly string[], flags: JobFlags): Promise<void> {
  const asked = await requestedRun(id, flags.dataDir)
  if (asked.method !== 'full')
    throw new SentinelError('CONFLICT', `Training ${id} is by ${asked.method}; the trainer does it by itself.`)
  if (asked.state === 'completed') return void process.stderr.write(`Training ${id} is done already.\n`)
  const folder = resolve(flags.folder)
  if (existsSync(join(folder, 'job.json'))) await checkIsOf(folder, id)
  else await writeJob(await openObjects(flags.dataDir), folder, asked)
  await untilDone(join(folder, 'train.sh'), [resolve(flags.recipe ?? join(root, 'detector')), ...options])
  await finish(folder, flags)
}

async function checkIsOf(folder: string, id: string): Promise<void> {
  const { run } = await jobIn(folder)
  if (run !== id)
    throw new SentinelError('INPUT_INVALID', `${folder} holds training ${run}, not ${id}. Name another folder.`)
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
      return row && { ...row, method: row.recipe.method, images: row.recipe.steps }
    },
  })
  if (run) return run
  throw new SentinelError('NOT_FOUND', `There is no training ${id} here. sentinel train full asks for one.`)
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

/** Whoever stops this stops what it runs too, which goes on from its checkpoint the next time. */
function untilDone(script: string, args: readonly string[]): Promise<void> {
  const child = spawn(script, args, { stdio: ['ignore', 2, 2], detached: true })
  const stop = (signal: NodeJS.Signals): void => void (child.pid && process.kill(-child.pid, signal))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('exit', (code, signal) => {
      for (const each of ['SIGINT', 'SIGTERM'] as const) process.off(each, stop)
      if (code === 0) return done()
      const why = signal ? `was stopped by ${signal}` : `ended with ${code}; what it said is above`
      fail(new SentinelError('INPUT_INVALID', `${script} ${why}. Run the job again: it goes on from its checkpoint.`))
    })
  })
}
