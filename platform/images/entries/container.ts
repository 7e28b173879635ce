import { parseArgs } from 'node:util'
import type { Command } from 'commander'
import { exitWith } from '../../cli/trouble.ts'
import { SentinelError } from '../../errors.ts'
import type { Implementation } from '../../function.ts'

/** What a container of an image can be asked to do; nothing else is in its bundle. */
interface Container {
  /** By the names that `run` takes; each is loaded only when it is the one that runs. */
  readonly functions?: Readonly<Record<string, () => Promise<Implementation>>>
  /** What else there is, as the command line takes it. */
  readonly commands?: () => Promise<Command>
}

/** Does what the arguments of the container say: `run NAME [--http] [--until-idle]`, or one of its commands. */
export function startContainer(container: Container): void {
  doAsAsked(container, process.argv.slice(2)).catch(exitWith)
}

async function doAsAsked({ functions = {}, commands }: Container, args: readonly string[]): Promise<void> {
  const [command, name = '', ...flags] = args
  if (command !== 'run' && commands) return void (await (await commands()).parseAsync())
  const load = command === 'run' && Object.hasOwn(functions, name) ? functions[name] : undefined
  if (!load) {
    const names = Object.keys(functions).join(', ')
    const message = `This image cannot do ${JSON.stringify(args.join(' '))}. It does run NAME, with NAME of: ${names}.`
    throw new SentinelError('NOT_FOUND', message)
  }
  const { values } = parseArgs({
    args: flags,
    options: { http: { type: 'boolean' }, 'until-idle': { type: 'boolean' } },
  })
  const [fn, { run }] = await Promise.all([load(), import('../../cli/run.ts')])
  await run(fn, { http: values.http ?? false, untilIdle: values['until-idle'] ?? false })
}
