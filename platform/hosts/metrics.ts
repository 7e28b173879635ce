import type { Logger } from 'pino'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { codeOf } from '../errors.ts'
import { traceIdOf } from '../events/trace.ts'
import type { LiveCounts } from '../live/client.ts'
import type { Log } from '../ports/log.ts'
import type { DeliveryObserver } from './deliver.ts'

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What the pipeline does, counted for Prometheus and told to the log. */
export class Metrics implements DeliveryObserver {
  readonly registry = new Registry()
  readonly #log: Logger
  readonly #handled: Counter
  readonly #published: Counter
  readonly #deadLetters: Counter
  readonly #retries: Counter
  readonly #seconds: Histogram
  /** Functions whose first event is behind them. */
  readonly #warm = new Set<string>()

  constructor(log: Logger) {
    this.#log = log
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    this.#handled = new Counter({
      name: 'sentinel_events_handled_total',
      help: 'Events handled',
      labelNames: ['function'],
      registers,
    })
    this.#published = new Counter({
      name: 'sentinel_events_published_total',
      help: 'Events published',
      labelNames: ['function', 'type'],
      registers,
    })
    this.#deadLetters = new Counter({
      name: 'sentinel_dead_letters_total',
      help: 'Events that could not be handled',
      labelNames: ['function', 'code'],
      registers,
    })
    this.#retries = new Counter({
      name: 'sentinel_retries_total',
      help: 'Deliveries tried again',
      labelNames: ['function', 'code'],
      registers,
    })
    this.#seconds = new Histogram({
      name: 'sentinel_delivery_seconds',
      help: 'Time of one delivery',
      labelNames: ['function'],
      buckets: SECONDS,
      registers,
    })
  }

  handled(name: string, events: number, milliseconds: number): void {
    this.#first(name)
    this.#handled.inc({ function: name }, events)
    this.#seconds.observe({ function: name }, milliseconds / 1000)
  }

  published(name: string, type: string): void {
    this.#first(name)
    this.#published.inc({ function: name, type })
  }

  /** A cold start ends with the first event that is handled, or comes out. */
  #first(name: string): void {
    if (this.#warm.has(name)) return
    this.#warm.add(name)
    this.#log.info({ function: name, uptimeMs: Math.round(process.uptime() * 1000) }, 'first event')
  }

  deadLettered(
    name: string,
    { topic, partition, offset, headers }: Parameters<DeliveryObserver['deadLettered']>[1],
    error: Error,
  ): void {
    this.#deadLetters.inc({ function: name, code: codeOf(error) ?? 'UNEXPECTED' })
    this.#log.error(
      { function: name, topic, partition, offset, traceId: traceIdOf(headers.ce_traceparent), err: error },
      'event could not be handled; see: sentinel dlq list',
    )
  }

  retrying(name: string, attempt: number, error: Error): void {
    this.#retries.inc({ function: name, code: codeOf(error) ?? 'UNEXPECTED' })
    this.#log.warn({ function: name, attempt, err: error }, 'trying again')
  }

  /** Lag is read when somebody asks. */
  watchLag(log: Log, groups: readonly string[]): void {
    const gauge: Gauge = new Gauge({
      name: 'sentinel_lag',
      help: 'Events that a function has not handled yet',
      labelNames: ['function'],
      registers: [this.registry],
      async collect() {
        for (const name of groups) gauge.set({ function: name }, await lagOf(log, name))
      },
    })
  }

  watchLive(counts: LiveCounts): void {
    for (const name of ['clients', 'sent', 'packets', 'dropped'] as const) {
      const gauge: Gauge = new Gauge({
        name: `sentinel_live_${name}`,
        help: `Live pictures: ${name}`,
        registers: [this.registry],
        collect: () => gauge.set(counts[name]),
      })
    }
  }
}

export async function lagOf(log: Log, group: string): Promise<number> {
  return (await log.lag(group)).reduce((sum, { lag }) => sum + lag, 0)
}
