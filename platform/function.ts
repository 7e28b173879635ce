import type { z } from 'zod'
import type { Draft, EventDefinition, SentinelEvent } from './events/event.ts'
import type { PortName, Ports } from './ports/ports.ts'

// biome-ignore lint/suspicious/noExplicitAny: a definition is invariant in its data, and a list holds any of them
export type AnyDefinition = EventDefinition<string, any>

/** A function as data: hosts, manifests and docs read it without loading the handler. */
export interface FunctionDeclaration<
  On extends readonly AnyDefinition[] = readonly AnyDefinition[],
  Emits extends readonly AnyDefinition[] = readonly AnyDefinition[],
  Config extends z.ZodObject = z.ZodObject,
  Needs extends PortName = PortName,
> {
  readonly name: string
  readonly on: On
  readonly emits: Emits
  /** Each key is read from the environment as `SENTINEL_<KEY>`, in upper snake case. */
  readonly config: Config
  readonly needs: readonly Needs[]
  readonly host: 'kafka' | 'knative' | 'job'
  readonly scale: ScaleOptions
  readonly delivery?: DeliveryOptions
  readonly pod?: PodOptions
}

export interface ScaleOptions {
  readonly min: number
  readonly max: number
  /** Events of lag one replica carries. */
  readonly lag: number
  /** Seconds without lag after which the last replica goes. */
  readonly cooldown?: number
}

export interface DeliveryOptions {
  /** Events handed over together at most; more than one makes the handler take a list. */
  readonly batch?: number
  /** Deliveries in flight at most. Events of one key are always handled one after another. */
  readonly parallel?: number
  /** Where events come one after another, each may wait so long for others to be fetched with it, milliseconds; the first never waits. */
  readonly gather?: number
}

/** What one replica takes in a cluster, where it is more than the usual. */
export interface PodOptions {
  /** Cores that are set aside, and the most it may take. */
  readonly cores?: readonly [request: number, limit: number]
  /** MiB, likewise. */
  readonly memory?: readonly [request: number, limit: number]
  /** From the start of the process to the first event that is handled, seconds, at most. */
  readonly coldStart?: number
  /** The longest that one delivery takes, seconds: a stop waits for it. */
  readonly longestWork?: number
}

/** A declaration's own shape, kept exact so that returning an undeclared event does not compile. */
export function defineFunction<
  const On extends readonly AnyDefinition[],
  const Emits extends readonly AnyDefinition[],
  Config extends z.ZodObject,
  const Needs extends PortName,
>(declaration: FunctionDeclaration<On, Emits, Config, Needs>): FunctionDeclaration<On, Emits, Config, Needs> {
  return declaration
}

/** Told apart by `type`. */
export type EventOf<D> =
  D extends EventDefinition<infer Type, infer Data> ? SentinelEvent<Data> & { type: Type } : never
export type DraftOf<D> = D extends EventDefinition<infer Type, infer Data> ? Draft<Type, Data> : never

// biome-ignore lint/suspicious/noExplicitAny: matches every declaration
type AnyFunction = FunctionDeclaration<any, any, any, any>
export type Incoming<F extends AnyFunction> = EventOf<F['on'][number]>
export type Outgoing<F extends AnyFunction> = DraftOf<F['emits'][number]>
export type Context<F extends AnyFunction> = Pick<Ports, F['needs'][number]> & {
  readonly config: z.infer<F['config']>
  /** Aborts when the work must be given up: the host stops, or the partition moves to another owner. */
  readonly signal: AbortSignal
  /** Aborts when a newer event of the same key waits, for handlers that hold their delivery. */
  readonly superseded: AbortSignal
  /** Where the event lies in the log; absent when it came over HTTP. */
  readonly position?: { readonly partition: number; readonly offset: number }
}

/** A stream of facts is published as it comes. */
export type Returned<T> = T | readonly T[] | AsyncIterable<T>

export type Handler<F extends AnyFunction> = (
  event: Incoming<F>,
  context: Context<F>,
) => Returned<Outgoing<F>> | Promise<Returned<Outgoing<F>>>

export type BatchHandler<F extends AnyFunction> = (
  events: readonly Incoming<F>[],
  context: Context<F>,
) => Promise<readonly Outgoing<F>[]>

export interface Implementation<F extends AnyFunction = AnyFunction> {
  readonly declaration: F
  readonly handle?: Handler<F>
  readonly handleBatch?: BatchHandler<F>
}

export function implement<F extends AnyFunction>(declaration: F, handle: Handler<F>): Implementation<F> {
  return { declaration, handle }
}

export function implementBatch<F extends AnyFunction>(declaration: F, handleBatch: BatchHandler<F>): Implementation<F> {
  return { declaration, handleBatch }
}
