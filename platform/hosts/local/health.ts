import { sql } from 'kysely'
import type { HealthPart } from '../../../graphql/context.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import type { Database } from '../../ports/database.ts'
import type { MediaServer } from '../../ports/media.ts'
import type { Ports } from '../../ports/ports.ts'
import { joined, type Said, saidBy, say } from '../../said.ts'
import type { Consumer } from '../consumer.ts'

/** A part that says nothing for so long does not answer. */
const WITHIN_MS = 3000

/** Parts that are asked how they are. */
type Checked = 'database' | 'log' | 'objects' | 'video' | 'replica' | 'media' | 'model' | 'cameras'

export interface Watched {
  readonly ports: Pick<Ports, 'database' | 'log' | 'objects' | 'video'>
  readonly model: { check(): Promise<void> } | undefined
  /** The standby that the API reads history from, where there is one. */
  readonly history?: Database | undefined
  /** Where one takes the cameras' streams. */
  readonly media?: MediaServer | undefined
  /** What keeps the commit that is to run from running; undefined when all is well. */
  readonly deployment: () => Said | undefined
  /** Those that this process runs, with their consumers once they do. */
  readonly functions: ReadonlyMap<string, Consumer | undefined>
}

/** The state of each part, with what to do about those that are missing or fail. Never rejects, never hangs. */
export async function healthOf({
  ports,
  model,
  media,
  history,
  deployment,
  functions,
}: Watched): Promise<HealthPart[]> {
  const { database, log, objects, video } = ports
  const parts = await Promise.all([
    checked('database', () => answers(database)),
    checked('log', () => log.check()),
    checked('objects', () => objects.check()),
    checked('video', () => video.check()),
    ...(history ? [checked('replica', () => answers(history))] : []),
    ...(media ? [checked('media', async () => void (await media.paths()))] : []),
    ...modelHealth(model, functions),
    deploymentHealth(deployment()),
    camerasHealth(database),
  ])
  const hosted = [...functions].map(([name, consumer]) =>
    name === 'detect' && !model ? missing(name, say('health.noModel', {})) : functionHealth(name, consumer),
  )
  return [...parts, ...hosted]
}

/** Where detection runs elsewhere, a model need not be here. */
function modelHealth(model: Watched['model'], functions: Watched['functions']): (HealthPart | Promise<HealthPart>)[] {
  if (model) return [checked('model', () => model.check())]
  return functions.has('detect') ? [missing('model', say('health.noModel', {}))] : []
}

/** What is missing for the main job, each thing once. */
export function missingOf(parts: readonly HealthPart[]): HealthPart[] {
  const absent = parts.filter(({ state }) => state === 'missing')
  return absent.filter(({ message }, i) => absent.findIndex((part) => part.message === message) === i)
}

function deploymentHealth(trouble: Said | undefined): HealthPart {
  return trouble ? part('deployment', 'failing', trouble) : ready('deployment')
}

async function camerasHealth(database: Database): Promise<HealthPart> {
  let isAny = true
  const state = await checked('cameras', async () => {
    isAny = await anyEnabled(database)
  })
  return isAny ? state : missing('cameras', say('health.noCamera', {}))
}

/** @param check rejects with what fails. */
export async function checked(name: Checked, check: () => Promise<void>): Promise<HealthPart> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${WITHIN_MS / 1000} s`)), WITHIN_MS)
  })
  try {
    await Promise.race([check(), late])
    return ready(name)
  } catch (error) {
    return part(name, 'failing', troubleOf(name, error))
  } finally {
    clearTimeout(timer)
  }
}

/** What to do about a part is known by its name, where its error does not say so itself. */
function troubleOf(name: Checked, error: unknown): Said {
  if (error instanceof SentinelError && error.told) return saidBy(error)
  return say(name === 'cameras' ? 'health.database' : `health.${name}`, { detail: messageOf(error) })
}

export function functionHealth(name: string, consumer: Consumer | undefined): HealthPart {
  if (!consumer) return part(name, 'starting', say('health.starting', { name }))
  const { trouble } = consumer
  if (trouble === undefined) return ready(name)
  return part(name, 'failing', joined([say('health.retries', { name }), trouble]))
}

function ready(name: string): HealthPart {
  return { name, state: 'ready', message: '', told: [] }
}

function missing(name: string, said: Said): HealthPart {
  return part(name, 'missing', said)
}

export function part(name: string, state: HealthPart['state'], { text, told }: Said): HealthPart {
  return { name, state, message: text, told }
}

/** @throws SentinelError where it does not. */
export async function answers(database: Database): Promise<void> {
  await sql`SELECT 1`.execute(database)
}

async function anyEnabled(database: Database): Promise<boolean> {
  const row = await database.selectFrom('cameras').select('id').where('enabled', '=', true).limit(1).executeTakeFirst()
  return row !== undefined
}
