import { runAlone } from '../hosts/alone/alone.ts'
import { untilAskedToStop } from './stopping.ts'

/** Runs one function until Ctrl-C, SIGTERM, or the end of the process that started it. */
export async function run(name: string): Promise<void> {
  const asked = untilAskedToStop()
  const { stop } = await runAlone({ name, env: process.env })
  process.stderr.write(`The function ${name} runs.\n`)
  await asked
  await stop()
  process.exit()
}
