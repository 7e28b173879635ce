import { sql } from 'kysely'
import type { HealthPart } from '../../../graphql/context.ts'
import { messageOf } from '../../errors.ts'
import type { Database } from '../../ports/database.ts'
import type { Model } from '../../ports/model.ts'

/** The state of each part, with what to do about those that are missing or fail. */
export async function healthOf(database: Database, model: Model | undefined): Promise<HealthPart[]> {
  return [await databaseHealth(database), modelHealth(model), await cameraHealth(database)]
}

async function databaseHealth(database: Database): Promise<HealthPart> {
  try {
    await sql`SELECT 1`.execute(database)
    return { name: 'database', state: 'ready', message: '' }
  } catch (error) {
    return { name: 'database', state: 'failing', message: messageOf(error) }
  }
}

function modelHealth(model: Model | undefined): HealthPart {
  if (model) return { name: 'model', state: 'ready', message: '' }
  const message =
    'There is no detector, so nothing is detected. Start with --model FILE.onnx (and --names FILE for its classes).'
  return { name: 'model', state: 'missing', message }
}

async function cameraHealth(database: Database): Promise<HealthPart> {
  try {
    const { enabled } = await database
      .selectFrom('cameras')
      .select((eb) => eb.fn.countAll<string>().filterWhere('enabled', '=', true).as('enabled'))
      .executeTakeFirstOrThrow()
    if (Number(enabled) > 0) return { name: 'cameras', state: 'ready', message: '' }
    const message = 'No camera is switched on. Add one under Cameras, or start with --cameras FILE.'
    return { name: 'cameras', state: 'missing', message }
  } catch (error) {
    return { name: 'cameras', state: 'failing', message: messageOf(error) }
  }
}
