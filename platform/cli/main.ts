import { Command, InvalidArgumentError } from 'commander'
import { messageOf, SentinelError } from '../errors.ts'
import { addCameraCommands } from './cameras/commands.ts'
import { addDatasetCommands } from './datasets/commands.ts'
import { addModelCommands } from './models/commands.ts'

/** @throws InvalidArgumentError */
function positive(text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new InvalidArgumentError('It is a number above 0.')
}

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
  .option('--model <file>', 'ONNX detector: its file, or the digest of one that was added')
  .option('--names <file>', 'its class names, one a line')
  .option('--fps <number>', 'frames a second for cameras that say nothing else (5)')
  .action(async (flags) => (await import('./start.ts')).start(flags))

program
  .command('run <function>')
  .description('run one function alone, on the engines that SENTINEL_LOG, DATABASE_URL, SENTINEL_OBJECTS… name')
  .action(async (name: string) => (await import('./run.ts')).run(name))

program
  .command('migrate')
  .description('bring the schema of DATABASE_URL up to date')
  .option('--down', 'take the newest migration back instead')
  .action(async ({ down }) => (await import('./migrate.ts')).migrateDatabase(process.env, Boolean(down)))

addCameraCommands(program)
addModelCommands(program)
addDatasetCommands(program)

const dlq = program.command('dlq').description('events that could not be handled; while Sentinel is stopped')
const dataDir = ['--data-dir <folder>', 'the data directory', '.sentinel'] as const

dlq
  .command('list')
  .description('every dead letter, oldest first')
  .option(...dataDir)
  .option('--json', 'as JSON')
  .action(async ({ dataDir, json }) => {
    const { withLog, listDeadLetters } = await import('./dead-letters.ts')
    const letters = await withLog(dataDir, listDeadLetters)
    if (json) return void process.stdout.write(`${JSON.stringify(letters)}\n`)
    for (const { id, time, topic, code, reason } of letters)
      process.stdout.write(`${id}  ${time}  ${topic}  ${code}  ${reason}\n`)
    process.stderr.write(`${letters.length} dead letters.\n`)
  })

dlq
  .command('show <id>')
  .description('one of them, with its headers and its bytes')
  .option(...dataDir)
  .action(async (id: string, { dataDir }) => {
    const { withLog, findDeadLetter } = await import('./dead-letters.ts')
    const { key, headers, value } = await withLog(dataDir, (log) => findDeadLetter(log, id))
    const bytes = value instanceof Uint8Array ? Buffer.from(value).toString() : null
    process.stdout.write(`${JSON.stringify({ key, headers, value: bytes }, null, 2)}\n`)
  })

dlq
  .command('replay <id>')
  .description('put one back on the topic it came from')
  .option(...dataDir)
  .action(async (id: string, { dataDir }) => {
    const { withLog, replayDeadLetter } = await import('./dead-letters.ts')
    const topic = await withLog(dataDir, (log) => replayDeadLetter(log, id))
    process.stderr.write(`${id} is on ${topic} again; it is handled when Sentinel starts.\n`)
  })

program
  .command('bench <name>')
  .description('run a benchmark: pipeline, cameras, log or startup')
  .option('--json <file>', 'write its figures there')
  .option('--count <cameras>', 'cameras: how many, or to begin with (10)', positive)
  .option('--minutes <minutes>', 'cameras: how long (2)', positive)
  .option('--max', 'cameras: add more until they are no longer served in time')
  .action(async (name: string, { json, ...options }) => (await import('./bench.ts')).bench(name, json, options))

program
  .command('generate', { hidden: true })
  .description('write the files that are made from code')
  .action(async () => (await import('./generate.ts')).generate())

program
  .command('test [patterns...]', { hidden: true })
  .description('run the test suites')
  .action(async (patterns: string[]) => (await import('./checks.ts')).test(patterns))

program
  .command('validate', { hidden: true })
  .description('types, lint, format, generated files, import direction, unused exports')
  .action(async () => (await import('./checks.ts')).validate())

program.parseAsync().then(
  () => process.disconnect?.(),
  (error: unknown) => {
    const trouble =
      error instanceof SentinelError || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message)
    process.stderr.write(`${trouble}\n`)
    process.exit(1)
  },
)
