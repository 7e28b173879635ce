import { SentinelError } from '../../errors.ts'
import type { Implementation } from '../../function.ts'
import { functions } from '../functions.ts'
import type { Settings } from './settings.ts'

/**
 * The functions that this process runs; the others run elsewhere, each by `sentinel run`.
 *
 * @throws SentinelError `CONFIGURATION_INVALID` for a name that none has, and where nobody else could reach the log.
 */
export function hostedFunctions({ functions: asked, log }: Pick<Settings, 'functions' | 'log'>): Implementation[] {
  if (asked.length === 1 && asked[0] === 'all') return [...functions]
  const names = asked.length === 1 && asked[0] === 'none' ? [] : asked
  const known = functions.map(({ declaration }) => declaration.name)
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    const message = `SENTINEL_FUNCTIONS has no function ${unknown.join(', ')}; give all, none, or some of ${known.join(', ')}.`
    throw new SentinelError('CONFIGURATION_INVALID', message)
  }
  if (!log) {
    const message =
      'SENTINEL_FUNCTIONS leaves functions to other processes, which cannot reach the embedded log. Set SENTINEL_LOG, or unset it.'
    throw new SentinelError('CONFIGURATION_INVALID', message)
  }
  return functions.filter(({ declaration }) => names.includes(declaration.name))
}
