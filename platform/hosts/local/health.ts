import { sql } from 'kysely'
import type { HealthPart } from '../../../graphql/context.ts'
import { messageOf } from '../../errors.ts'
import type { Database } from '../../ports/database.ts'
import type { MediaServer } from '../../ports/media.ts'
import type { Ports } from '../../ports/ports.ts'
import type { Consumer } from '../consumer.ts'

/** A part that says nothing for so long does not answer. */
const WITHIN_MS = 3000

const NO_MODEL =
  'There is no detector, so nothing is detected. Start with --model FILE.onnx (and --names FILE for its classes).'
const NO_CAMERA = 'No camera is switched on. Add one under Cameras, or start with --cameras FILE.'

export interface Watched {
  readonly ports: Pick<Ports, 'database' | 'log' | 'objects' | 'video'>
  readonly model: { check(): Promise<void> } | undefined
  /** The standby that the API reads history from, where there is one. */
  readonly history?: Database | undefined
  /** Where one takes the cameras' streams. */
  readonly media?: MediaServer | undefined
  /** What keeps the commit that is to run from running; undefined when all is well. */
  readonly deployment: () => string | undefined
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
    checked('database', () => sql`SELECT 1`.execute(database)),
    checked('log', () => log.check()),
    checked('objects', () => objects.check()),
    checked('video', () => video.check()),
    ...(history ? [checked('replica', () => sql`SELECT 1`.execute(history))] : []),
    ...(media ? [checked('media', async () => void (await media.paths()))] : []),
    ...modelHealth(model, functions),
    checked('deployment', async () => {
      const trouble = deployment()
      if (trouble !== undefined) throw new Error(trouble)
    }),
    checked('cameras', async () => ((await anyEnabled(database)) ? undefined : NO_CAMERA)),
  ])
  const hosted = [...functions].map(([name, consumer]) =>
    name === 'detect' && !model ? missing(name, NO_MODEL) : functionHealth(name, consumer),
  )
  return [...parts, ...hosted]
}

/** Where detection runs elsewhere, a model need not be here. */
function modelHealth(model: Watched['model'], functions: Watched['functions']): (HealthPart | Promise<HealthPart>)[] {
  if (model) return [checked('model', () => model.check())]
  return functions.has('detect') ? [missing('model', NO_MODEL)] : []
}

/** What is missing for the main job, each thing once. */
export function missingOf(parts: readonly HealthPart[]): HealthPart[] {
  const absent = parts.filter(({ state }) => state === 'missing')
  return absent.filter(({ message }, i) => absent.findIndex((part) => part.message === message) === i)
}

/** @param check resolves with a text that says what is missing, if anything is; rejects with what fails. */
export async function checked(name: string, check: () => Promise<unknown>): Promise<HealthPart> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It has not answered for ${WITHIN_MS / 1000} s`)), WITHIN_MS)
  })
  try {
    const lacking = await Promise.race([check(), late])
    return typeof lacking === 'string' ? missing(name, lacking) : { name, state: 'ready', message: '' }
  } catch (error) {
    return { name, state: 'failing', message: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

export function functionHealth(name: string, consumer: Consumer | undefined): HealthPart {
  if (!consumer) return { name, state: 'starting', message: `${name} is starting.` }
  const { trouble } = consumer
  if (trouble === undefined) return { name, state: 'ready', message: '' }
  return { name, state: 'failing', message: `${name} tries again and again: ${trouble}` }
}

function missing(name: string, message: string): HealthPart {
  return { name, state: 'missing', message }
}

async function anyEnabled(database: Database): Promise<boolean> {
  const row = await database.selectFrom('cameras').select('id').where('enabled', '=', true).limit(1).executeTakeFirst()
  return row !== undefined
}
