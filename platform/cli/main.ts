import { Command } from 'commander'
import { messageOf } from '../errors.ts'

const program = new Command('sentinel')
  .description('Traffic cameras in, live traffic knowledge out.')
  .showHelpAfterError('(run with --help for what there is)')

program
  .command('test [patterns...]', { hidden: true })
  .description('run the test suites')
  .action(async (patterns: string[]) => (await import('./checks.ts')).test(patterns))

program
  .command('validate', { hidden: true })
  .description('types, lint, format, generated files, import direction, unused exports')
  .action(async () => (await import('./checks.ts')).validate())

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`)
  process.exit(1)
})
