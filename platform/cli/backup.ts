import type { Command } from 'commander'
import type { OpenDatabase } from '../adapters/database-postgres.ts'
import { SentinelError } from '../errors.ts'

/** `sentinel backup` and `sentinel restore` */
export function addBackupCommands(program: Command): void {
  program
    .command('backup <file>')
    .description('write every row of DATABASE_URL as it is now; the objects are not in it')
    .action(async (file: string) => {
      const { backUp } = await import('../adapters/backup.ts')
      const rows = await onDatabase((pool) => backUp(pool, file))
      process.stderr.write(`${rows} rows are in ${file}.\n`)
    })

  program
    .command('restore <file>')
    .description('put a backup into DATABASE_URL, which sentinel migrate has made and nobody has used')
    .action(async (file: string) => {
      const { restore } = await import('../adapters/backup.ts')
      const rows = await onDatabase((pool) => restore(pool, file))
      process.stderr.write(`${rows} rows are restored.\n`)
    })
}

async function onDatabase(work: (pool: OpenDatabase['pool']) => Promise<number>): Promise<number> {
  const { DATABASE_URL } = process.env
  if (!DATABASE_URL) {
    const advice =
      'Set DATABASE_URL=postgres://…; of the embedded database copy the data directory while Sentinel is stopped.'
    throw new SentinelError('CONFIGURATION_INVALID', advice)
  }
  const { openDatabase } = await import('../adapters/database-postgres.ts')
  const { pool, close } = openDatabase(DATABASE_URL, { connections: 1 })
  try {
    return await work(pool)
  } finally {
    await close()
  }
}
