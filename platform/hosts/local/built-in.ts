import { join } from 'node:path'
import { root } from '../../paths.ts'
import type { Database } from '../../ports/database.ts'

/** What the repository itself brings: the city's looped cameras, and the detector that was trained on its streets. */
export const builtIn = {
  cameras: join(root, 'city', 'cameras.json'),
  model: join(root, 'detector', 'model.onnx'),
}

/** @returns the catalogue to import, if any. A start that finds cameras goes on with those. */
export async function catalogueFor(asked: string | undefined, database: Database): Promise<string | undefined> {
  if (asked === 'none') return undefined
  if (asked === 'demo') return builtIn.cameras
  if (asked !== undefined) return asked
  const any = await database.selectFrom('cameras').select('id').limit(1).executeTakeFirst()
  return any ? undefined : builtIn.cameras
}

export function modelFor(asked: string | undefined): string | undefined {
  return asked === 'none' ? undefined : (asked ?? builtIn.model)
}
