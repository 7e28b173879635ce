import { type Server, startServer } from './postgres-server.ts'

let server: Server | undefined

/** Called by Node's test runner before the first file: one server for all of them, whose address they find in their environment. */
export async function globalSetup(): Promise<void> {
  server = await startServer()
  process.env.SENTINEL_TEST_POSTGRES = server.url
}

/** After the last. */
export async function globalTeardown(): Promise<void> {
  await server?.stop()
}
