import { randomUUID } from 'node:crypto'
import { completeEvent } from '../events/complete.ts'
import { ModelRegistered } from '../events/model.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { ModelInfo } from '../ports/model.ts'
import type { ObjectStore } from '../ports/objects.ts'
import { type ModelCard, storedCard } from './store.ts'

interface Registry {
  readonly database: Database
  readonly clock: Clock
}

/** Makes a model of the object store known. @throws SentinelError `NOT_FOUND`, `MODEL_INVALID` */
export async function registerStored(
  { objects, ...registry }: Registry & { readonly objects: ObjectStore },
  digest: string,
): Promise<ModelCard> {
  const card = await storedCard(objects, digest)
  await registerModel(registry, { digest, ...card })
  return card
}

/** Makes a model known, and tells it the first time; a known one takes the name that it has now. */
export async function registerModel({ database, clock }: Registry, info: Omit<ModelInfo, 'provider'>): Promise<void> {
  const { digest, name, family, inputWidth, inputHeight } = info
  const classes = [...info.classes]
  const at = new Date(clock.now())
  await database.transaction().execute(async (tx) => {
    const added = await tx
      .insertInto('models')
      .values({ digest, name, family, classes, input_width: inputWidth, input_height: inputHeight, registered_at: at })
      .onConflict((conflict) => conflict.column('digest').doNothing())
      .returning('digest')
      .executeTakeFirst()
    if (!added) {
      await tx.updateTable('models').set({ name, classes }).where('digest', '=', digest).execute()
      return
    }
    const registered = ModelRegistered.of(digest, { name, family, classes, inputWidth, inputHeight })
    const origin = { source: '/sentinel/models', id: randomUUID(), time: at.toISOString() }
    await appendToOutbox(tx, [completeEvent(registered, origin)])
  })
}
