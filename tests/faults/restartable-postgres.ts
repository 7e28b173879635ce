import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startPostgres } from '../../platform/adapters/database-embedded/server.ts'
import { defer } from '../support/defer.ts'

export interface RestartablePostgres {
  /** The same over every restart. */
  readonly url: string
  stop(): Promise<void>
  /** As a machine that loses power: every process of the server at once. */
  kill(): Promise<void>
  start(): Promise<void>
}

/** A real PostgreSQL that can be ended and started again on its files, behind an address that stays. */
export async function restartablePostgres(t: TestContext): Promise<RestartablePostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sentinel-faults-postgres-'))
  await chmod(directory, 0o755)
  defer(t, () => rm(directory, { recursive: true, force: true }))
  let server = await startPostgres({ directory })
  server.died.catch(() => {})
  defer(t, () => server.stop())
  const port = await forward(t, () => Number(new URL(server.url).port))
  return {
    url: Object.assign(new URL(server.url), { port: String(port) }).href,
    stop: () => server.stop(),
    kill: async () => {
      const pid = Number((await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0])
      process.kill(pid, 'SIGKILL')
      await server.stop()
    },
    start: async () => {
      server = await startPostgres({ directory })
      server.died.catch(() => {})
    },
  }
}

/** Hands connections on to a port that changes. @returns its own. */
async function forward(t: TestContext, target: () => number): Promise<number> {
  const sockets = new Set<Socket>()
  const tie = (one: Socket, other: Socket): void => {
    sockets.add(one)
    one.on('error', () => {})
    one.on('close', () => {
      sockets.delete(one)
      other.destroy()
    })
    one.pipe(other)
  }
  const server = createServer((from) => {
    const to = connect(target(), '127.0.0.1')
    tie(from, to)
    tie(to, from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  defer(t, () => server.close())
  defer(t, () => {
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as { port: number }).port
}
