import { createHash } from 'node:crypto'
import type { Box } from '../../platform/events/frame.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { Model } from '../../platform/ports/model.ts'

/** Answers what it is told: what a real one sees is tested beside it. */
export function modelThatSees(boxes: readonly Box[], inferMs = 10, digest = 'a'.repeat(64)): Model {
  const info = {
    digest,
    name: 'm',
    family: 'yolox',
    classes: ['car'],
    inputWidth: 64,
    inputHeight: 64,
    provider: 'cpu',
  }
  return {
    info,
    parallel: 1,
    detect: async () => ({ boxes, timings: { prepareMs: 1, inferMs, decodeMs: 1 } }),
    check: async () => {},
    close: async () => {},
  }
}

let commits = 0

/** A commit that says that all cameras are to be watched with a model, as the reconciler writes it down. */
export async function addRollout(
  database: Database,
  model: string,
  more: { readonly canary?: string; readonly share?: number; readonly at?: Date } = {},
): Promise<void> {
  const { canary = null, share = 1, at = new Date() } = more
  const id = `${++commits}`.padStart(40, '0')
  await database
    .insertInto('rollouts')
    .values({
      ...{ id, commit: id, kind: canary ? ('canary' as const) : ('promote' as const) },
      ...{ model, canary, share, subject: canary ?? model, previous: null, by: 'ada', reason: 'a test' },
      ...{ committed_at: at, applied_at: at },
    })
    .execute()
}

export const digestNamed = (name: string): string => createHash('sha256').update(name).digest('hex')

/** A model that is known by its name's digest. */
export async function addModel(database: Database, name: string): Promise<void> {
  const size = { input_width: 64, input_height: 64 }
  await database
    .insertInto('models')
    .values({ digest: digestNamed(name), name, family: 'yolox', classes: ['car'], ...size })
    .execute()
}
