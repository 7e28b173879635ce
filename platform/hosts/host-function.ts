import { systemClock } from '../adapters/system-clock.ts'
import type { TopicName } from '../events/topics.ts'
import type { AnyDefinition, Implementation } from '../function.ts'
import type { Ports } from '../ports/ports.ts'
import { Consumer } from './consumer.ts'
import { type DeliveryObserver, deliver } from './deliver.ts'

/** What a function runs on: a log always, of the rest what it needs. */
export type HostPorts = Pick<Ports, 'log'> & Partial<Ports>

/** Subscribes a function to its topics, as the consumer group of its name. */
export function hostFunction(
  fn: Implementation,
  ports: HostPorts,
  config: Readonly<Record<string, unknown>>,
  observer: DeliveryObserver,
): Promise<Consumer> {
  const { name, on, delivery = {} } = fn.declaration
  const { clock = systemClock } = ports
  const context = { fn, ports: { ...ports, clock } as Ports, config, observer }
  return Consumer.start({
    log: ports.log,
    clock,
    group: name,
    topics: topicsOf(on),
    parallel: delivery.parallel ?? 1,
    batch: delivery.batch ?? 1,
    gather: delivery.gather ?? 0,
    work: (records, signals, attempt) => deliver(context, records, signals, attempt),
    onRetry: (attempt, error) => observer.retrying(name, attempt, error as Error),
  })
}

function topicsOf(definitions: readonly AnyDefinition[]): TopicName[] {
  return [...new Set(definitions.map(({ topic }) => topic))]
}
