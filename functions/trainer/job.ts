import { readDataset, readImage } from '../../platform/datasets/store.ts'
import type { TrainingRequest } from '../../platform/events/training.ts'
import type { Context } from '../../platform/function.ts'
import { inherited } from '../../platform/models/side-file.ts'
import { type ModelCard, storedBytes, storedCard } from '../../platform/models/store.ts'
import type { TrainingJob } from '../../platform/ports/trainer.ts'
import type { declaration } from './function.ts'

const MIB = 1024 * 1024

/** Everything that a training needs, checked against its digests. @throws SentinelError `NOT_FOUND`, `DATASET_INVALID`, `MODEL_INVALID` */
export async function jobOf(
  { dataset: digest, recipe }: TrainingRequest,
  { objects, config }: Pick<Context<typeof declaration>, 'objects' | 'config'>,
): Promise<{ job: TrainingJob; card: ModelCard }> {
  const card = await storedCard(objects, recipe.parent)
  const model = await storedBytes(objects, recipe.parent)
  const dataset = await readDataset(objects, digest)
  const images = new Map<string, Uint8Array>()
  for (const { image } of dataset.entries) images.set(image, await readImage(objects, image))
  const side = { ...inherited(card.side), names: card.classes }
  return { job: { model, side, recipe, dataset, images, memoryBytes: config.trainMemory * MIB }, card }
}
