import { pino } from 'pino'
import { type Environment, readAll } from '../../env.ts'
import { SentinelError } from '../../errors.ts'
import type { Implementation } from '../../function.ts'
import { type Adapters, adapters as production } from '../adapters.ts'
import { functions } from '../functions.ts'
import { hostFunction } from '../host-function.ts'
import { Closing } from '../local/closing.ts'
import { Metrics } from '../metrics.ts'
import { openPorts } from './ports.ts'
import { type AloneSettings, settingsFor } from './settings.ts'

export interface AloneOptions {
  /** Of the function. */
  readonly name: string
  readonly env: Environment
  readonly adapters?: Adapters
}

export interface LoneFunction {
  /** Finishes or gives up what is in flight, commits, leaves the group. */
  stop(): Promise<void>
}

/**
 * One function in this process, on the engines that the environment names.
 *
 * @throws SentinelError `NOT_FOUND` for a name that no function has, `CONFIGURATION_INVALID` with every variable at fault.
 */
export async function runAlone({ name, env, adapters = production }: AloneOptions): Promise<LoneFunction> {
  const fn = functionNamed(name)
  const { needs, config: schema } = fn.declaration
  const [settings, config] = readAll([settingsFor(needs, adapters), schema], env) as [
    AloneSettings,
    Record<string, unknown>,
  ]
  const logger = pino({ level: settings.logLevel }, pino.destination(2))
  const closing = new Closing()
  const stop = (): Promise<void> => closing.close((part, err) => logger.error({ err }, `closing ${part} failed`))
  try {
    const ports = await openPorts(needs, settings, adapters, closing)
    const consumer = await hostFunction(fn, ports, config, new Metrics(logger))
    closing.add(name, () => consumer.stop())
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function functionNamed(name: string): Implementation {
  const found = functions.find(({ declaration }) => declaration.name === name)
  if (found) return found
  const names = functions.map(({ declaration }) => declaration.name).join(', ')
  throw new SentinelError('NOT_FOUND', `There is no function ${JSON.stringify(name)}; there are ${names}`)
}
