import { codeOf, messageOf, SentinelError } from '../errors.ts'
import { fromRecord, toRecord } from '../events/codec.ts'
import { completeEvent, derivedId } from '../events/complete.ts'
import { type Draft, type SentinelEvent, validate } from '../events/event.ts'
import { definitionOn } from '../events/registry.ts'
import type { TopicName } from '../events/topics.ts'
import { traceparentOf } from '../events/trace.ts'
import type { Context, FunctionDeclaration, Implementation, Returned } from '../function.ts'
import type { LogRecord } from '../ports/log.ts'
import type { PortName, Ports } from '../ports/ports.ts'
import { saidBy } from '../said.ts'

/** A failure that nobody classified gets this many attempts before it counts as the event's own fault. */
const MAX_UNEXPECTED_ATTEMPTS = 5

export interface Delivery {
  readonly fn: Implementation
  readonly ports: Ports
  readonly config: Readonly<Record<string, unknown>>
  readonly observer: DeliveryObserver
  /** In place of `dlq-events`, where whoever delivers keeps dead letters; it may throw to say so. */
  readonly onRefused?: (record: LogRecord, error: Error) => Promise<void>
}

/** What metrics and logs hear of deliveries. */
export interface DeliveryObserver {
  handled(name: string, events: number, milliseconds: number): void
  published(name: string, type: string): void
  deadLettered(name: string, record: LogRecord, error: Error): void
  retrying(name: string, attempt: number, error: Error): void
}

export interface Signals {
  readonly signal: AbortSignal
  readonly superseded: AbortSignal
}

interface Accepted {
  readonly record: LogRecord
  readonly event: SentinelEvent
}

/**
 * Runs one delivery. The log may commit the records' offsets once this resolves, never before: by then the outputs are
 * acknowledged, and what cannot be handled is in `dlq-events`.
 *
 * @param attempt 1 for the first.
 * @throws what a later attempt can mend, and whatever `signal` interrupted.
 */
export async function deliver(
  delivery: Delivery,
  records: readonly LogRecord[],
  signals: Signals,
  attempt = 1,
): Promise<void> {
  const accepted: Accepted[] = []
  for (const record of records) {
    const event = await acceptOrDeadLetter(delivery, record)
    if (event) accepted.push({ record, event })
  }
  if (accepted.length === 0) return
  try {
    await handle(delivery, accepted, signals)
  } catch (error) {
    if (signals.signal.aborted || mayRetry(error, attempt)) throw error
    // The volatile log dropped the picture meanwhile: it is as if it had never come, and there are no bytes to keep.
    if (codeOf(error) === 'PICTURE_EXPIRED' && accepted.length === 1) return
    await refuse(delivery, accepted, signals, attempt, error as Error)
  }
}

/** One bad event of a batch must not take the others with it: they are handled one by one. */
async function refuse(
  delivery: Delivery,
  accepted: readonly Accepted[],
  signals: Signals,
  attempt: number,
  error: Error,
): Promise<void> {
  if (accepted.length === 1) return deadLetter(delivery, accepted[0]!.record, error, attempt)
  for (const { record } of accepted) await deliver(delivery, [record], signals, attempt)
}

function mayRetry(error: unknown, attempt: number): boolean {
  return error instanceof SentinelError ? error.retryable : attempt < MAX_UNEXPECTED_ATTEMPTS
}

/** Undefined for an event that this function does not ask for, and for one that is now a dead letter. */
async function acceptOrDeadLetter(delivery: Delivery, record: LogRecord): Promise<SentinelEvent | undefined> {
  try {
    return accept(delivery.fn.declaration, record)
  } catch (error) {
    await deadLetter(delivery, record, error as Error, 1)
    return undefined
  }
}

function accept(declaration: FunctionDeclaration, record: LogRecord): SentinelEvent | undefined {
  const event = fromRecord(record)
  const definition = definitionOn(record.topic, event.type)
  if (!definition) {
    throw new SentinelError('EVENT_UNDECLARED', `Type ${event.type} does not belong on topic ${record.topic}`)
  }
  return declaration.on.includes(definition) ? validate(definition, event) : undefined
}

async function handle(delivery: Delivery, accepted: readonly Accepted[], signals: Signals): Promise<void> {
  const { fn, ports, observer } = delivery
  const started = ports.clock.now()
  const first = accepted[0]!
  const context = contextOf(delivery, signals, first.record)
  const events = accepted.map(({ event }) => event)
  const returned = fn.handleBatch
    ? await fn.handleBatch(events as never, context)
    : await fn.handle!(first.event as never, context)
  await publishReturned(delivery, returned, first.event)
  observer.handled(fn.declaration.name, events.length, ports.clock.now() - started)
}

function contextOf({ fn, ports, config }: Delivery, signals: Signals, record: LogRecord): Context<FunctionDeclaration> {
  const needed = Object.fromEntries(
    fn.declaration.needs.map((name: PortName) => [name, ports[name]]),
  ) as unknown as Ports
  const { partition, offset } = record
  return { ...needed, config, ...signals, ...(partition >= 0 && { position: { partition, offset } }) }
}

async function publishReturned(delivery: Delivery, returned: Returned<Draft>, cause: SentinelEvent): Promise<void> {
  if (isStream(returned)) {
    let index = 0
    for await (const draft of returned) await publish(delivery, [draft], cause, index++, true)
    return
  }
  await publish(delivery, Array.isArray(returned) ? returned : [returned as Draft], cause, 0)
}

function isStream(returned: Returned<Draft>): returned is AsyncIterable<Draft> {
  return Symbol.asyncIterator in returned
}

async function publish(
  { fn, ports, observer }: Delivery,
  drafts: readonly Draft[],
  cause: SentinelEvent,
  from: number,
  isStream = false,
): Promise<void> {
  const { name } = fn.declaration
  const source = `/sentinel/functions/${name}`
  const time = new Date(ports.clock.now()).toISOString()
  const outputs = drafts.map((draft, i) => {
    const id = derivedId(cause, name, from + i)
    // Each picture of a lease begins a trace of its own.
    const traceparent = traceparentOf(id, isStream ? undefined : cause)
    const { topic, type } = draft.definition
    return { topic, type, record: toRecord(completeEvent(draft, { source, id, time, traceparent })) }
  })
  for (const [topic, members] of Map.groupBy(outputs, (output) => output.topic)) {
    await ports.log.produce(
      topic,
      members.map(({ record }) => record),
    )
  }
  for (const { type } of outputs) observer.published(name, type)
}

/** The original bytes and headers, and why they could not be handled. */
async function deadLetter(
  { fn, ports, observer, onRefused }: Delivery,
  record: LogRecord,
  error: Error,
  attempts: number,
): Promise<void> {
  if (onRefused) return onRefused(record, error)
  const { topic, partition, offset, key, value, headers } = record
  const reason = {
    dlq_reason: messageOf(error),
    dlq_told: JSON.stringify(saidBy(error).told),
    dlq_code: error instanceof SentinelError ? error.code : 'UNEXPECTED',
    dlq_function: fn.declaration.name,
    dlq_topic: topic,
    dlq_partition: String(partition),
    dlq_offset: String(offset),
    dlq_attempts: String(attempts),
    dlq_time: new Date(ports.clock.now()).toISOString(),
  }
  await ports.log.produce('dlq-events' satisfies TopicName, [{ key, value, headers: { ...headers, ...reason } }])
  observer.deadLettered(fn.declaration.name, record, error)
}
