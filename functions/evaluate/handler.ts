import { codeOf } from '../../platform/errors.ts'
import { ModelEvaluated, type ModelEvaluation, ModelJudged, type ModelRegistered } from '../../platform/events/model.ts'
import { type Context, type Incoming, implement } from '../../platform/function.ts'
import { storedCard } from '../../platform/models/store.ts'
import { newestRollout } from '../../platform/rollout/state.ts'
import { failing, saidBy, say } from '../../platform/said.ts'
import { agreementOn, comparisonsOf, median } from './compare.ts'
import { declaration } from './function.ts'
import { liveGate, type Measured, offlineGates, peopleGate, verdictOf } from './gates.ts'
import { awaitLive, preferenceSoFar } from './live.ts'
import { type Look, lookAt } from './look.ts'
import { type Material, materialFor } from './material.ts'
import { reconsider } from './reconsider.ts'
import { advance, begin, beginShadow, cancel, type EvaluationRow, finish, readEvaluation } from './rows.ts'

type Ports = Context<typeof declaration>
type Registered = Extract<Incoming<typeof declaration>, { type: typeof ModelRegistered.type }>

export const evaluate = implement(declaration, async (event, ports) => {
  if (event.type !== ModelJudged.type) return hold(event, ports)
  await reconsider(event, ports)
  return []
})

/** A model that is to run already is no candidate. */
async function hold(event: Registered, ports: Ports) {
  const { database, clock } = ports
  const before = await readEvaluation(database, event.subject)
  if (before?.cause === event.id && before.finished_at) return answered(event, before)
  try {
    const facts = await compareWithCurrent(event, ports)
    if (!facts) return []
    await finish(database, event.subject, facts, new Date(clock.now()))
    return evaluated(event, facts)
  } catch (error) {
    if (codeOf(error) !== 'CANCELLED' || ports.signal.aborted) throw error
    await cancel(database, event.subject, saidBy(error), new Date(clock.now()))
    return []
  }
}

/** Compared once more where another model has begun to run meanwhile. */
async function compareWithCurrent(event: Registered, ports: Ports): Promise<ModelEvaluation | undefined> {
  const current = async () => (await newestRollout(ports.database))?.model
  for (let running = await current(); running !== undefined && running !== event.subject; ) {
    const facts = await compare(event, running, ports)
    running = await current()
    if (facts.running === running) return facts
  }
  return undefined
}

async function compare(event: Registered, running: string, ports: Ports): Promise<ModelEvaluation> {
  const { database, clock, config } = ports
  const { subject: digest, data } = event
  const material = await materialFor(ports, data.lineage)
  const total = material.heldOut.length + material.reference.length + config.shadowFrames
  await begin(database, { digest, running, cause: event.id, total, at: new Date(clock.now()) })
  const measured = await measure(digest, running, material, ports)
  const offline = offlineGates(measured, config)
  const shared = { name: data.name, running, isTrained: data.lineage !== undefined }
  const counted = { comparisons: [...measured.comparisons], heldOut: measured.heldOut, reference: measured.reference }
  if (offline.some(({ state }) => state === 'failed'))
    return { ...shared, ...verdictOf(offline), gates: offline, ...counted, live: 0 }
  await beginShadow(database, digest, new Date(clock.now()))
  const seen = total - config.shadowFrames
  const live = await awaitLive(digest, running, { ...ports, onFrames: (frames) => step(ports, digest, seen + frames) })
  const people = peopleGate(await preferenceSoFar(database, digest, running), config)
  const gates = [...offline, liveGate(live, config), people]
  return { ...shared, ...verdictOf(gates), gates, ...counted, live: live.frames }
}

async function measure(digest: string, running: string, material: Material, ports: Ports): Promise<Measured> {
  const { models, objects, clock, signal, config } = ports
  const options = { clock, signal, share: config.evaluateShare }
  const all = [...material.heldOut, ...material.reference]
  const looks = await models.with(digest, (candidate) =>
    models.with(running, (other) =>
      lookAt(all, candidate, other, { ...options, onLook: (done) => step(ports, digest, done) }),
    ),
  )
  const isHeldOut = ({ exhibit }: Look): boolean => material.heldOut.includes(exhibit)
  const [heldOut, reference] = [looks.filter(isHeldOut), looks.filter((look) => !isHeldOut(look))]
  const sizes = await Promise.all([digest, running].map(async (each) => (await storedCard(objects, each)).bytes))
  return {
    comparisons: heldOut.length > 0 ? comparisonsOf(heldOut) : [],
    heldOut: heldOut.length,
    reference: reference.length,
    agreement: agreementOn(reference),
    latency: median(looks.map(({ candidateMs, runningMs }) => candidateMs / runningMs)),
    size: sizes[0]! / sizes[1]!,
  }
}

/** @throws SentinelError `CANCELLED` when somebody wants it to end. */
async function step({ database }: Ports, digest: string, done: number): Promise<void> {
  const by = await advance(database, digest, done)
  if (by !== null) throw failing('CANCELLED', say('cancelled', { by }))
}

function evaluated({ subject, id }: Registered, facts: ModelEvaluation) {
  return ModelEvaluated.of(subject, facts, { id: `${id}-evaluated` })
}

/** The same again for an event that comes again. */
function answered(event: Registered, row: EvaluationRow) {
  if (row.state !== 'passed' && row.state !== 'failed') return []
  const { running, state: verdict, gates, comparisons, held_out: heldOut, reference, live } = row
  const { name, lineage } = event.data
  const told = row.reason_told && { told: [...row.reason_told] }
  const said = { name, running, verdict, reason: row.reason!, ...told, gates, comparisons, heldOut, reference, live }
  return evaluated(event, { ...said, isTrained: lineage !== undefined })
}
