import type { Command } from 'commander'
import { z } from 'zod'
import { readEnvironment } from '../env.ts'
import { SentinelError } from '../errors.ts'
import { adapters, placeOf } from '../hosts/adapters.ts'

const Settings = z.object({ objects: placeOf('objects', adapters) })

/** `sentinel buckets …` */
export function addBucketCommands(program: Command): void {
  program
    .command('buckets')
    .description('the buckets on S3 (SENTINEL_OBJECTS)')
    .command('apply')
    .description('make those that are missing')
    .option('--json', 'as JSON')
    .action(apply)
}

async function apply({ json = false }: { readonly json?: boolean }): Promise<void> {
  const { objects: place } = readEnvironment(Settings, process.env)
  const { openPlace } = await import('../hosts/adapters.ts')
  const { S3Objects } = await import('../adapters/objects-s3.ts')
  const objects = await openPlace('objects', adapters, place)
  if (!(objects instanceof S3Objects)) {
    throw new SentinelError('CONFIGURATION_INVALID', 'SENTINEL_OBJECTS is a folder; only s3:// has buckets to make.')
  }
  const { made, untidied } = await objects.makeBuckets()
  if (json) return void process.stdout.write(`${JSON.stringify({ made, untidied })}\n`)
  for (const name of made) process.stdout.write(`+ ${name}\n`)
  process.stderr.write(`${made.length} buckets made.\n`)
  if (untidied.length > 0) {
    process.stderr.write(
      'The server has no lifecycle rules: uploads that were never finished stay until you remove them.\n',
    )
  }
}
