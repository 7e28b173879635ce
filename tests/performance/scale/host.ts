import { detect } from '../../../functions/detect/handler.ts'
import { memory } from '../../../platform/adapters/memory.ts'
import { systemClock } from '../../../platform/adapters/system-clock.ts'
import type { Implementation } from '../../../platform/function.ts'
import type { Consumer } from '../../../platform/hosts/consumer.ts'
import { hostFunction } from '../../../platform/hosts/host-function.ts'
import type { Log } from '../../../platform/ports/log.ts'
import { stubbedModel } from './stub.ts'

const SILENT = { handled: () => {}, published: () => {}, deadLettered: () => {}, retrying: () => {} }

/** One replica of detect, as its host runs it, on a model that is stubbed. */
export function hostDetect(log: Log, costMs: number): Promise<Consumer> {
  const ports = { log, model: stubbedModel(costMs), memory: memory(), clock: systemClock }
  return hostFunction(detect as Implementation, ports, detect.declaration.config.parse({}), SILENT)
}
