import { codeOf, SentinelError } from '../../platform/errors.ts'
import {
  TrainingCompleted,
  TrainingFailed,
  type TrainingProgress,
  TrainingProgressed,
  TrainingStarted,
} from '../../platform/events/training.ts'
import { type Context, type Incoming, implement, type Outgoing } from '../../platform/function.ts'
import { registerModel } from '../../platform/models/register.ts'
import { type ModelCard, storeModel } from '../../platform/models/store.ts'
import type { Trained } from '../../platform/ports/trainer.ts'
import { failing, joined, saidBy, say } from '../../platform/said.ts'
import { factIdOf } from '../../platform/training/fact.ts'
import { declaration } from './function.ts'
import { jobOf } from './job.ts'
import { Mailbox } from './mailbox.ts'
import { advance, begin, complete, fail, type Run, readRun, wait } from './runs.ts'

type Ports = Context<typeof declaration>
type Requested = Incoming<typeof declaration>
type Fact = Outgoing<typeof declaration>

const STORE_EVERY_MS = 5000

/** Every fact of a run has the same id however often the run is done: it makes the same model each time. */
export const trainer = implement(declaration, async function* (event, ports): AsyncGenerator<Fact> {
  const run = await readRun(ports.database, event.subject)
  if (!run) throw new SentinelError('NOT_FOUND', `There is no training ${event.subject}; it was never requested here`)
  if (run.recipe.method === 'full' && (run.state === 'requested' || run.state === 'running'))
    return yield* leaveOrRefuse(event, run, ports)
  if (run.state === 'completed') return yield completed(run)
  if (run.state === 'failed' || run.state === 'cancelled') return yield failed(run)
  try {
    yield* teach(event, run, ports)
  } catch (error) {
    if (ports.signal.aborted || (error instanceof SentinelError && error.retryable)) throw error
    yield* giveUp(event, error, ports)
  }
})

/** It is taught elsewhere, and whoever does so hands it in; where nobody would, it does not wait for ever. */
async function* leaveOrRefuse(event: Requested, run: Run, ports: Ports): AsyncGenerator<Fact> {
  if (run.taken_along || run.state === 'running' || ports.config.trainFull === 'jobs') return
  yield* giveUp(event, failing('CONFLICT', say('training.nobodyTeachesFull', {})), ports)
}

async function* teach(event: Requested, run: Run, ports: Ports): AsyncGenerator<Fact> {
  const { database, clock } = ports
  const startedAt = clock.now()
  if (run.cancel_by !== null) throw cancelled(run.cancel_by)
  const { job, card } = await jobOf(event.data, ports)
  await begin(database, run.id, new Date(startedAt))
  const pictures = job.dataset.entries.length
  yield TrainingStarted.of(run.id, { machine: ports.trainer.machine, pictures }, { id: factIdOf(run, 'started') })
  const training = new Mailbox<TrainingProgress, Trained>(ports.signal, (signal, onProgress) =>
    ports.trainer.train(job, { signal, onProgress }),
  )
  for await (const progress of training) {
    const by = await advance(database, run.id, progress)
    if (by !== null) training.abort(cancelled(by))
    const id = factIdOf(run, `${progress.stage}-${progress.done}`)
    yield TrainingProgressed.of(run.id, progress, { id })
  }
  const trained = await training.result
  yield await keep(event, run, card, trained, { ...ports, startedAt })
}

/** Stores the model, makes it known with what it was made of, and closes the run. */
async function keep(
  { data: { dataset, recipe } }: Requested,
  run: Run,
  card: ModelCard,
  { model, side, metrics }: Trained,
  { startedAt, ...ports }: Ports & { readonly startedAt: number },
): Promise<Fact> {
  const { database, objects, clock, trainer } = ports
  const name = `${card.name.split('+')[0]}+${dataset.slice(0, 8)}`
  const described = { ...card, name, side: { ...side, name }, bytes: model.length }
  const digest = await patiently(run, ports, () => storeModel(objects, model, described))
  const endedAt = clock.now()
  const lineage = {
    run: run.id,
    dataset,
    recipe,
    metrics,
    seconds: (endedAt - startedAt) / 1000,
    machine: trainer.machine,
  }
  await registerModel({ database, clock }, { ...card, digest, name }, lineage)
  const [started_at, finished_at] = [new Date(startedAt), new Date(endedAt)]
  await complete(database, run.id, digest, metrics, finished_at)
  return completed({ ...run, model: digest, metrics, started_at, finished_at })
}

/** What was learnt is not thrown away for an outage: it waits until it can be stored, and says so. */
async function patiently<T>(
  { id }: Run,
  { database, clock, signal }: Pick<Ports, 'database' | 'clock' | 'signal'>,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SentinelError && error.retryable)) throw error
      const by = await wait(database, id, joined([say('training.waitsToBeStored', {}), saidBy(error)]))
      if (by !== null) throw cancelled(by)
      await clock.sleep(STORE_EVERY_MS, signal)
      signal.throwIfAborted()
    }
  }
}

/** What nobody expected ends a run too: one that waits for ever would keep every later one from starting. */
async function* giveUp({ subject }: Requested, error: unknown, { database, clock }: Ports): AsyncGenerator<Fact> {
  const code = codeOf(error) ?? 'UNEXPECTED'
  await fail(database, subject, saidBy(error), code === 'CANCELLED', new Date(clock.now()))
  yield failed((await readRun(database, subject))!, code)
}

function completed(run: Run): Fact {
  const { id, model, metrics, started_at, finished_at } = run
  const seconds = ((finished_at?.getTime() ?? 0) - (started_at?.getTime() ?? 0)) / 1000
  return TrainingCompleted.of(id, { model: model!, metrics: metrics!, seconds }, { id: factIdOf(run, 'completed') })
}

function failed(run: Run, code = 'FAILED'): Fact {
  const { id, failure, state } = run
  const isCancelled = state === 'cancelled'
  return TrainingFailed.of(id, { code, message: failure ?? 'It failed', isCancelled }, { id: factIdOf(run, 'failed') })
}

function cancelled(by: string): SentinelError {
  return failing('CANCELLED', say('cancelled', { by }))
}
