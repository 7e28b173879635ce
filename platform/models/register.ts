import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import { completeEvent } from '../events/complete.ts'
import { type Lineage, ModelRegistered } from '../events/model.ts'
import { appendToOutbox } from '../outbox.ts'
import type { Clock } from '../ports/clock.ts'
import type { Database } from '../ports/database.ts'
import type { ModelInfo } from '../ports/model.ts'
import type { ObjectStore } from '../ports/objects.ts'
import type { Tables } from '../ports/tables.ts'
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

/** What it was made of, once: a training that is done again makes the same model. */
async function addLineage(tx: Transaction<Tables>, digest: string, lineage: Lineage, at: Date): Promise<void> {
  const { run, dataset, recipe, metrics, seconds, machine } = lineage
  const row = { digest, parent: recipe.parent, run, dataset, seconds, machine, made_at: at }
  await tx
    .insertInto('model_lineage')
    .values({ ...row, recipe: JSON.stringify(recipe), metrics: JSON.stringify(metrics) })
    .onConflict((conflict) => conflict.column('digest').doNothing())
    .execute()
}

/** Makes a model known, and tells it the first time; a known one takes the name that it has now. */
export async function registerModel(
  { database, clock }: Registry,
  info: Omit<ModelInfo, 'provider'>,
  lineage?: Lineage,
): Promise<void> {
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
    if (lineage) await addLineage(tx, digest, lineage, at)
    if (!added) {
      await tx.updateTable('models').set({ name, classes }).where('digest', '=', digest).execute()
      return
    }
    const registered = ModelRegistered.of(digest, {
      ...{ name, family, classes, inputWidth, inputHeight },
      ...(lineage && { lineage }),
    })
    const origin = { source: '/sentinel/models', id: randomUUID(), time: at.toISOString() }
    await appendToOutbox(tx, [completeEvent(registered, origin)])
  })
}
