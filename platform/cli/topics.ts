import type { Command } from 'commander'
import { z } from 'zod'
import { readEnvironment } from '../env.ts'
import { topics } from '../events/topics.ts'
import { adapters, placeOf } from '../hosts/adapters.ts'

const Settings = z.object({ log: placeOf('log', adapters) })

interface Flags {
  readonly dryRun?: boolean
  readonly json?: boolean
}

/** `sentinel topics …` and `sentinel lag`: the log that many processes share. */
export function addTopicCommands(program: Command): void {
  program
    .command('topics')
    .description('the topics on Kafka (SENTINEL_LOG)')
    .command('apply')
    .description('bring them and the groups’ first offsets to what is declared; nothing is ever shrunk')
    .option('--dry-run', 'tell what would change, and change nothing')
    .option('--json', 'as JSON')
    .action(apply)

  program
    .command('lag')
    .description('what each function has not handled yet on SENTINEL_LOG: the figure that KEDA scales on')
    .option('--json', 'with every partition, as JSON')
    .action(lag)
}

async function apply({ dryRun = false, json = false }: Flags): Promise<void> {
  const { log } = readEnvironment(Settings, process.env)
  const { applyTopics } = await import('../adapters/log-kafka/topics.ts')
  const { linesOf } = await import('../adapters/log-kafka/topic-plan.ts')
  const { functions } = await import('../hosts/functions.ts')
  const groups = functions.map(({ declaration: { name, on } }) => ({
    group: name,
    topics: [...new Set(on.map(({ topic }: { topic: string }) => topic))] as string[],
  }))
  const applied = await applyTopics(log, { topics, groups, dryRun })
  if (json) return void process.stdout.write(`${JSON.stringify(applied)}\n`)
  for (const line of applied.changes.flatMap(linesOf)) process.stdout.write(`${line}\n`)
  for (const { group, partitions } of applied.started) {
    process.stdout.write(`+ group ${group}  first offsets of ${partitions} partitions\n`)
  }
  const verb = dryRun ? 'would change' : 'changed'
  process.stderr.write(`${applied.changes.length} topics and ${applied.started.length} groups ${verb}.\n`)
}

async function lag({ json = false }: Flags): Promise<void> {
  const { log: place } = readEnvironment(Settings, process.env)
  const { openPlace } = await import('../hosts/adapters.ts')
  const { functions } = await import('../hosts/functions.ts')
  const log = await openPlace('log', adapters, place)
  try {
    const names = functions.map(({ declaration }) => declaration.name)
    const lags = await Promise.all(names.map(async (name) => ({ function: name, partitions: await log.lag(name) })))
    if (json) return void process.stdout.write(`${JSON.stringify(lags)}\n`)
    for (const { function: name, partitions } of lags) {
      process.stdout.write(`${name}  ${partitions.reduce((sum, each) => sum + each.lag, 0)}\n`)
    }
  } finally {
    await log.close()
  }
}
