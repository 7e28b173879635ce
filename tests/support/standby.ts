import { execFile } from 'node:child_process'
import { appendFile, chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { giveTo, serverAccount } from '../../platform/adapters/database-embedded/account.ts'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { openDatabase } from '../../platform/adapters/database-postgres.ts'
import { migrate } from '../../platform/adapters/migrations.ts'
import { defer } from './defer.ts'

const run = promisify(execFile)

/** A migrated PostgreSQL of its own, and a second one that streams what the first one writes. */
export async function replicatedPostgres(t: TestContext) {
  const primary = await ownServer(t, await folder(t))
  const { database, close } = openDatabase(primary.url, { connections: 1 })
  await migrate(database)
  await close()
  const copy = await folder(t)
  await copyCluster(primary, copy)
  return { primary: primary.url, standby: await ownServer(t, copy) }
}

async function folder(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-standby-'))
  await chmod(directory, 0o755)
  defer(t, () => rm(directory, { recursive: true, force: true }))
  return directory
}

async function ownServer(t: TestContext, directory: string) {
  const { url, died, stop } = await startPostgres({ directory })
  died.catch(() => {})
  defer(t, stop)
  return { directory, url, stop }
}

/**
 * A physical copy while the server runs, as `pg_basebackup` makes it, which is not among the embedded programs: "Making a Base Backup Using
 * the Low Level API" of PostgreSQL's manual. A slot keeps the log that the copy still needs.
 */
async function copyCluster({ url, directory }: { url: string; directory: string }, to: string): Promise<void> {
  const [from, cluster] = [join(directory, 'postgres'), join(to, 'postgres')]
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("SELECT pg_create_physical_replication_slot('standby', true)")
    await client.query("SELECT pg_backup_start('standby', true)")
    // Keeps owner and mode, which the server insists on.
    await run('cp', ['-a', from, cluster])
    const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(false)')
    await writeFile(join(cluster, 'backup_label'), rows[0]!.labelfile)
  } finally {
    await client.end()
  }
  for (const stale of ['postmaster.pid', 'postmaster.opts', 'pg_replslot/standby'])
    await rm(join(cluster, stale), { recursive: true, force: true })
  await writeFile(join(cluster, 'standby.signal'), '')
  for (const made of ['backup_label', 'standby.signal']) await giveTo(join(cluster, made), serverAccount())
  await cp(join(directory, 'postgres-password'), join(to, 'postgres-password'))
  const { hostname, port, username } = new URL(url)
  const password = await readFile(join(to, 'postgres-password'), 'utf8')
  const source = `host=${hostname} port=${port} user=${username} password=${password}`
  const settings = `primary_conninfo = '${source}'\nprimary_slot_name = 'standby'\n`
  await appendFile(join(cluster, 'postgresql.auto.conf'), settings)
}
