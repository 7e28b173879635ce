import type { Command } from 'commander'

const dataDir = ['--data-dir <folder>', 'the data directory', '.sentinel'] as const

interface Flags {
  readonly dataDir: string
  readonly json?: boolean
}

/** `sentinel dlq …` */
export function addDeadLetterCommands(program: Command): void {
  const dlq = program
    .command('dlq')
    .description(
      'events that could not be handled: those on SENTINEL_LOG, or of a data directory while its Sentinel is stopped',
    )
  dlq
    .command('list')
    .description('every dead letter, oldest first')
    .option(...dataDir)
    .option('--json', 'as JSON')
    .action(list)

  dlq
    .command('show <id>')
    .description('one of them, with its headers and its bytes')
    .option(...dataDir)
    .action(show)

  dlq
    .command('replay <id>')
    .description('put one back on the topic it came from')
    .option(...dataDir)
    .action(replay)
}

async function list({ dataDir, json }: Flags): Promise<void> {
  const { withLog, listDeadLetters } = await import('./dead-letters.ts')
  const letters = await withLog(dataDir, process.env, listDeadLetters)
  if (json) return void process.stdout.write(`${JSON.stringify(letters)}\n`)
  for (const { id, time, topic, code, reason } of letters)
    process.stdout.write(`${id}  ${time}  ${topic}  ${code}  ${reason}\n`)
  process.stderr.write(`${letters.length} dead letters.\n`)
}

async function show(id: string, { dataDir }: Flags): Promise<void> {
  const { withLog, findDeadLetter } = await import('./dead-letters.ts')
  const { key, headers, value } = await withLog(dataDir, process.env, (log) => findDeadLetter(log, id))
  const bytes = value instanceof Uint8Array ? Buffer.from(value).toString() : null
  process.stdout.write(`${JSON.stringify({ key, headers, value: bytes }, null, 2)}\n`)
}

async function replay(id: string, { dataDir }: Flags): Promise<void> {
  const { withLog, replayDeadLetter } = await import('./dead-letters.ts')
  const topic = await withLog(dataDir, process.env, (log) => replayDeadLetter(log, id))
  process.stderr.write(`${id} is on ${topic} again; it is handled as soon as Sentinel runs.\n`)
}
