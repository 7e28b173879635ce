import { runAlone } from '../hosts/alone/alone.ts'
import { untilAskedToStop } from './stopping.ts'

/** Runs one function until Ctrl-C, SIGTERM, or the end of the process that started it. */
export async function run(name: string, { http = false }: { readonly http?: boolean } = {}): Promise<void> {
  const asked = untilAskedToStop()
  const { probes, stop } = await runAlone({ name, env: process.env, http })
  process.stderr.write(`The function ${name} runs; its probes are at ${probes}/readyz.\n`)
  await asked
  await stop()
  process.exit()
}
