import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import type { HealthPart } from '../../../graphql/context.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { type Environment, readAll } from '../../env.ts'
import type { Implementation } from '../../function.ts'
import type { Ports } from '../../ports/ports.ts'
import { say } from '../../said.ts'
import { type Adapters, adapters as production } from '../adapters.ts'
import type { Consumer } from '../consumer.ts'
import { type HostPorts, hostFunction } from '../host-function.ts'
import { Receiver } from '../knative/receiver.ts'
import { Closing } from '../local/closing.ts'
import { answers, checked, functionHealth, part } from '../local/health.ts'
import { Metrics } from '../metrics.ts'
import { openPorts } from './ports.ts'
import { serveProbes } from './probes.ts'
import { type AloneSettings, settingsFor } from './settings.ts'

export interface AloneOptions {
  readonly fn: Implementation
  readonly env: Environment
  readonly adapters?: Adapters
  /** Events come over HTTP, as Knative sends them, in place of the log; outputs still go there. */
  readonly http?: boolean
}

export interface LoneFunction {
  /** Of the probes. */
  readonly probes: string
  /** Whether the group has handled, and committed, all that the log has for it. */
  isIdle(): Promise<boolean>
  /** Finishes or gives up what is in flight, commits, leaves the group. @throws Error when that takes too long. */
  stop(): Promise<void>
}

/**
 * One function in this process, on the engines that the environment names.
 *
 * @throws SentinelError `CONFIGURATION_INVALID` with every variable at fault.
 */
export async function runAlone({ fn, env, adapters = production, http = false }: AloneOptions): Promise<LoneFunction> {
  const { name, needs, config: schema } = fn.declaration
  const [settings, config] = readAll([settingsFor(needs, adapters), schema], env) as [
    AloneSettings,
    Record<string, unknown>,
  ]
  const logger = pino({ level: settings.logLevel, base: { function: name } }, pino.destination(2))
  const closing = new Closing()
  const close = (): Promise<void> => closing.close((part, err) => logger.error({ err }, `closing ${part} failed`))
  try {
    const metrics = new Metrics(logger)
    let consumer: Consumer | undefined
    let isStopping = false
    const ports = await openPorts(needs, settings, adapters, closing)
    const receiver = http ? receiverOf(fn, ports, config, metrics) : undefined
    const health = () => (isStopping ? [STOPPING] : healthOf(name, ports, receiver ? 'http' : consumer))
    const { host, probePort: port } = settings
    const onRequest = receiver && { onRequest: receiver.answer }
    const probes = await serveProbes({ host, port, metrics: metrics.registry, health, ...onRequest })
    closing.add('probes', probes.close)
    if (receiver) closing.add('receiver', () => receiver.stop())
    else {
      metrics.watchLag(ports.log, [name])
      consumer = await hostFunction(fn, ports, config, metrics)
      closing.add(name, consumer.stop.bind(consumer))
    }
    logger.info({ probes: probes.url }, 'running')
    const stop = (): Promise<void> => {
      isStopping = true
      return withinGrace(close(), settings.graceSeconds)
    }
    const isIdle = async (): Promise<boolean> => (await ports.log.lag(name)).every(({ lag }) => lag === 0)
    return { probes: probes.url, isIdle, stop }
  } catch (error) {
    await close()
    throw error
  }
}

function receiverOf(
  fn: Implementation,
  opened: HostPorts,
  config: Record<string, unknown>,
  observer: Metrics,
): Receiver {
  const ports = { clock: systemClock, ...opened } as Ports
  return new Receiver({ delivery: { fn, ports, config, observer }, parallel: fn.declaration.delivery?.parallel ?? 1 })
}

const STOPPING = part('process', 'failing', say('health.stopping', {}))

/** The function and every engine that it needs. */
function healthOf(name: string, ports: HostPorts, consumer: Consumer | 'http' | undefined): Promise<HealthPart[]> {
  const { log, database, objects, video, model } = ports
  return Promise.all([
    ...(consumer === 'http' ? [] : [functionHealth(name, consumer)]),
    checked('log', () => log.check()),
    ...(database ? [checked('database', () => answers(database))] : []),
    ...(objects ? [checked('objects', () => objects.check())] : []),
    ...(video ? [checked('video', () => video.check())] : []),
    ...(model ? [checked('model', () => model.check())] : []),
  ])
}

/** Offsets of work that was not finished are not committed: the next owner does it again. */
async function withinGrace(closing: Promise<void>, seconds: number): Promise<void> {
  const over = new AbortController()
  const late = sleep(seconds * 1000, undefined, { signal: over.signal }).then(
    () => Promise.reject(new Error(`It did not stop within ${seconds} s; what it was doing is done again elsewhere.`)),
    () => {},
  )
  await Promise.race([closing, late])
  over.abort()
}
