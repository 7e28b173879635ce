import { Command } from 'commander'
import { messageOf, SentinelError } from '../errors.ts'

const program = new Command('sentinel')
  .description('Traffic cameras in, live traffic knowledge out.')
  .showHelpAfterError('(run with --help for what there is)')

program
  .command('start')
  .description('run everything in this process, with its own database and log')
  .option('--port <port>', 'of the dashboard and the API (4100)')
  .option('--host <address>', 'to listen on (127.0.0.1)')
  .option('--data-dir <folder>', 'where everything is kept (.sentinel)')
  .option('--cameras <file>', 'catalogue to import: JSON, CSV, OpenTrafficCamMap or Caltrans; or none')
  .option('--model <file>', 'ONNX detector')
  .option('--names <file>', 'its class names, one a line')
  .option('--fps <number>', 'frames a second for cameras that say nothing else (5)')
  .action(async (flags) => (await import('./start.ts')).start(flags))

program
  .command('test [patterns...]', { hidden: true })
  .description('run the test suites')
  .action(async (patterns: string[]) => (await import('./checks.ts')).test(patterns))

program
  .command('validate', { hidden: true })
  .description('types, lint, format, generated files, import direction, unused exports')
  .action(async () => (await import('./checks.ts')).validate())

program.parseAsync().catch((error: unknown) => {
  const trouble =
    error instanceof SentinelError || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
  process.stderr.write(`${trouble}\n`)
  process.exit(1)
})
