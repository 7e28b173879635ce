import { readAll } from '../env.ts'
import { startLocal } from '../hosts/local/local.ts'
import { Settings } from '../hosts/local/settings.ts'
import { reportLines } from './cameras/commands.ts'
import { untilAskedToStop } from './stopping.ts'

const REJECTED_SHOWN = 20

/** Makes the dashboard where it must be made. @returns the folder to serve. */
export type BuildDashboard = (onProgress: (text: string) => void) => Promise<string>

export type StartFlags = Readonly<Record<string, string | undefined>>

/** Flags win over the environment; both are checked together. */
function settingsOf(flags: StartFlags): Settings {
  const fromFlags = Object.entries(flags).map(([key, value]) => [
    `SENTINEL_${key.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`,
    value,
  ])
  return readAll([Settings], { ...process.env, ...Object.fromEntries(fromFlags) })[0] as Settings
}

/** Runs until Ctrl-C, SIGTERM, or the end of the process that started it. */
export async function start(flags: StartFlags, buildDashboard: BuildDashboard): Promise<void> {
  const settings = settingsOf(flags)
  const asked = untilAskedToStop()
  const say = (text: string): void => void process.stderr.write(`${text}\n`)
  const sentinel = await startLocal({
    settings,
    env: process.env,
    dashboard: () => buildDashboard(say),
    onProgress: say,
  })
  const { imported, missing, url } = sentinel
  if (imported) for (const line of reportLines(imported, REJECTED_SHOWN)) say(line)
  for (const { message } of missing) say(message)
  process.stdout.write(`Sentinel is ready at ${url}\n`)
  try {
    await Promise.race([asked, sentinel.died])
  } finally {
    say('Stopping…')
    await sentinel.stop()
  }
  say('Stopped.')
  process.exit()
}
