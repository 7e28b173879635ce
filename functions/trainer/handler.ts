import { codeOf, messageOf, SentinelError } from '../../platform/errors.ts'
import {
  TrainingCompleted,
  TrainingFailed,
  TrainingProgressed,
  TrainingStarted,
} from '../../platform/events/training.ts'
import { type Context, type Incoming, implement, type Outgoing } from '../../platform/function.ts'
import { registerModel } from '../../platform/models/register.ts'
import { storeModel } from '../../platform/models/store.ts'
import { declaration } from './function.ts'
import { jobOf } from './job.ts'
import { Mailbox } from './mailbox.ts'
import { advance, begin, complete, fail, type Run, readRun } from './runs.ts'

type Ports = Context<typeof declaration>
type Requested = Incoming<typeof declaration>
type Fact = Outgoing<typeof declaration>

/** Every fact of a run has the same id however often the run is done: it makes the same model each time. */
export const trainer = implement(declaration, async function* (event, ports): AsyncGenerator<Fact> {
  const run = await readRun(ports.database, event.subject)
  if (!run) throw new SentinelError('NOT_FOUND', `There is no training ${event.subject}; it was never requested here`)
  if (run.state === 'completed') return yield completed(run)
  if (run.state === 'failed' || run.state === 'cancelled') return yield failed(run)
  try {
    yield* teach(event, run, ports)
  } catch (error) {
    if (ports.signal.aborted || (error instanceof SentinelError && error.retryable)) throw error
    yield* giveUp(event, error, ports)
  }
})

async function* teach(event: Requested, run: Run, ports: Ports): AsyncGenerator<Fact> {
  const { database, clock, objects } = ports
  const startedAt = clock.now()
  if (run.cancel_by !== null) throw cancelled(run.cancel_by)
  const { job, card } = await jobOf(event.data, ports)
  await begin(database, run.id, new Date(startedAt))
  const pictures = job.dataset.entries.length
  yield TrainingStarted.of(run.id, { machine: ports.trainer.machine, pictures }, { id: `${run.id}-started` })
  const training = new Mailbox(ports.signal, (signal, onProgress) => ports.trainer.train(job, { signal, onProgress }))
  for await (const progress of training) {
    const by = await advance(database, run.id, progress)
    if (by !== null) training.abort(cancelled(by))
    const id = `${run.id}-${progress.stage}-${progress.done}`
    yield TrainingProgressed.of(run.id, progress, { id })
  }
  const { model, metrics } = await training.result
  const seconds = (clock.now() - startedAt) / 1000
  const name = `${card.name.split('+')[0]}+${event.data.dataset.slice(0, 8)}`
  const digest = await storeModel(objects, model, { ...card, name, bytes: model.length })
  const lineage = { ...event.data, run: run.id, metrics, seconds, machine: ports.trainer.machine }
  await registerModel({ database, clock }, { ...card, digest, name }, lineage)
  await complete(database, run.id, digest, metrics, new Date(clock.now()))
  yield completed({
    ...run,
    model: digest,
    metrics,
    started_at: new Date(startedAt),
    finished_at: new Date(clock.now()),
  })
}

/** What nobody expected ends a run too: one that waits for ever would keep every later one from starting. */
async function* giveUp({ subject }: Requested, error: unknown, { database, clock }: Ports): AsyncGenerator<Fact> {
  const code = codeOf(error) ?? 'UNEXPECTED'
  await fail(database, subject, messageOf(error), code === 'CANCELLED', new Date(clock.now()))
  yield failed((await readRun(database, subject))!, code)
}

function completed({ id, model, metrics, started_at, finished_at }: Run): Fact {
  const seconds = ((finished_at?.getTime() ?? 0) - (started_at?.getTime() ?? 0)) / 1000
  return TrainingCompleted.of(id, { model: model!, metrics: metrics!, seconds }, { id: `${id}-completed` })
}

function failed({ id, failure, state }: Run, code = 'FAILED'): Fact {
  const isCancelled = state === 'cancelled'
  return TrainingFailed.of(id, { code, message: failure ?? 'It failed', isCancelled }, { id: `${id}-failed` })
}

function cancelled(by: string): SentinelError {
  return new SentinelError('CANCELLED', `${by} cancelled it`)
}
