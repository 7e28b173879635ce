import type { Command } from 'commander'
import type { BuildDashboard } from './start.ts'

/** `sentinel start`: everything here. */
export function addStartCommand(program: Command, dashboard: BuildDashboard): void {
  program
    .command('start')
    .description('run everything in this process, with its own database and log')
    .option('--port <port>', 'of the dashboard and the API (4100)')
    .option('--host <address>', 'to listen on (127.0.0.1)')
    .option('--data-dir <folder>', 'where everything is kept (.sentinel)')
    .option('--cameras <file>', 'catalogue to import: JSON, CSV, OpenTrafficCamMap or Caltrans; or none')
    .option('--model <file>', 'ONNX detector: its file, or the digest of one that was added')
    .option('--names <file>', 'its class names, one a line')
    .option('--fps <number>', 'frames a second for cameras that say nothing else (5)')
    .action(async (flags) => (await import('./start.ts')).start(flags, dashboard))
}

/** `sentinel run`: one part of it elsewhere. */
export function addRunCommand(program: Command): void {
  program
    .command('run <function>')
    .description('run one function alone, on the engines that SENTINEL_LOG, DATABASE_URL, SENTINEL_OBJECTS… name')
    .option('--http', 'take CloudEvents by POST / (SENTINEL_PROBE_PORT), as Knative sends them, in place of the log')
    .option('--until-idle', 'end when all that the log has for it is done, as a Job does')
    .action(async (name: string, flags) => {
      const { functionNamed } = await import('../hosts/functions.ts')
      await (await import('./run.ts')).run(functionNamed(name), flags)
    })
}

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the schema of DATABASE_URL up to date')
    .option('--down', 'take the newest migration back instead')
    .action(async ({ down }) => (await import('./migrate.ts')).migrateDatabase(process.env, Boolean(down)))
}
