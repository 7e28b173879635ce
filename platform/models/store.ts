import { createHash } from 'node:crypto'
import { z } from 'zod'
import { messageOf, SentinelError } from '../errors.ts'
import type { ObjectStore } from '../ports/objects.ts'
import { refusal } from '../refusal.ts'
import { failing, say } from '../said.ts'
import { SideFile } from './side-file.ts'

const BUCKET = 'sentinel-models'

/** What is kept with a model's file, under the same digest. */
const Card = z.object({
  name: z.string().min(1),
  family: z.string().min(1),
  classes: z.array(z.string()),
  /** Pixels. */
  inputWidth: z.int().positive(),
  inputHeight: z.int().positive(),
  bytes: z.int().positive(),
  /** With it the file is understood again as it was when it was added. */
  side: SideFile,
})
export type ModelCard = z.infer<typeof Card>

/** At least so much of a digest names a model; all of it is 64. */
const DIGEST = /^(?:sha256:)?([0-9a-f]{8,64})$/

export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Whether a person means a stored model: its digest, or its first eight digits or more. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text)
}

/**
 * Keeps a model's file and card by the file's digest.
 *
 * @param about what its makers tell of it, in Markdown.
 * @returns the digest.
 */
export async function storeModel(
  objects: ObjectStore,
  bytes: Uint8Array,
  card: ModelCard,
  about?: string,
): Promise<string> {
  const digest = digestOf(bytes)
  await objects.putIfAbsent(BUCKET, `${digest}.onnx`, bytes)
  if (about !== undefined) await objects.put(BUCKET, `${digest}.md`, Buffer.from(about))
  // Last, because a model without its card is none.
  await objects.put(BUCKET, `${digest}.json`, Buffer.from(JSON.stringify(card)))
  return digest
}

/** The whole digest of the one stored model whose digest begins so. @throws SentinelError `NOT_FOUND`, `INPUT_INVALID`. */
export async function wholeDigest(objects: ObjectStore, text: string): Promise<string> {
  const [, prefix] = DIGEST.exec(text) ?? []
  const found = prefix === undefined ? [] : await digests(objects, prefix)
  if (found.length === 1) return found[0]!
  if (found.length > 1) throw refusal('modelAmbiguous', { many: found.length, prefix: prefix! })
  throw refusal('modelUnknown', { digest: text })
}

/** @throws SentinelError `NOT_FOUND`, `MODEL_INVALID` where it is damaged. */
export async function storedCard(objects: ObjectStore, digest: string): Promise<ModelCard> {
  const bytes = await objects.get(BUCKET, `${digest}.json`)
  if (!bytes) throw refusal('modelMissing', { digest })
  try {
    return Card.parse(JSON.parse(Buffer.from(bytes).toString()))
  } catch (cause) {
    throw failing('MODEL_INVALID', say('model.cardDamaged', { digest, detail: messageOf(cause) }), { cause })
  }
}

/** What its makers tell of a model, in Markdown; undefined where they do not. */
export async function storedAbout(objects: ObjectStore, digest: string): Promise<string | undefined> {
  const bytes = await objects.get(BUCKET, `${digest}.md`)
  return bytes && Buffer.from(bytes).toString()
}

/** Whether a model comes with Sentinel. */
export async function isShipped(objects: ObjectStore, digest: string): Promise<boolean> {
  const card = await storedCard(objects, digest).catch(unlessUnreadable)
  return card?.side.origin === 'shipped'
}

/** A description that is missing or damaged says nothing of where its model is from; whoever would run the model is told of it. */
function unlessUnreadable(error: unknown): undefined {
  if (error instanceof SentinelError && (error.code === 'NOT_FOUND' || error.code === 'MODEL_INVALID')) return undefined
  throw error
}

/** @throws SentinelError `NOT_FOUND`, `MODEL_INVALID` where the bytes are not those that were stored. */
export async function storedBytes(objects: ObjectStore, digest: string): Promise<Uint8Array> {
  const bytes = await objects.get(BUCKET, `${digest}.onnx`)
  if (!bytes) throw failing('NOT_FOUND', say('model.fileGone', { digest }))
  if (digestOf(bytes) === digest) return bytes
  throw failing('MODEL_INVALID', say('model.fileDamaged', { digest }))
}

/** Every stored model, in order of its digest. */
export async function storedModels(objects: ObjectStore): Promise<(ModelCard & { readonly digest: string })[]> {
  const cards = []
  for (const digest of await digests(objects, '')) cards.push({ digest, ...(await storedCard(objects, digest)) })
  return cards
}

async function digests(objects: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of objects.list(BUCKET, prefix)) {
    if (key.endsWith('.json')) found.push(key.slice(0, -'.json'.length))
  }
  return found
}
