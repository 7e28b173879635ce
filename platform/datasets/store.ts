import { createHash } from 'node:crypto'
import { z } from 'zod'
import { SentinelError } from '../errors.ts'
import type { ObjectStore } from '../ports/objects.ts'
import { failing, say } from '../said.ts'
import { imageKey } from './keys.ts'
import { type Manifest, opened, sealed } from './manifest.ts'

const BUCKET = 'sentinel-datasets'
const FOLDER = 'versions/'
/** Names the version whose pictures are mixed in against forgetting. */
const BASE_KEY = 'base.json'
const Base = z.object({ digest: z.string() })
/** At least so much of a digest names a version. */
const DIGEST = /^(?:sha256:)?([0-9a-f]{8,64})$/

const keyOf = (digest: string): string => `${FOLDER}${digest}.json`

export interface StoredDataset {
  readonly digest: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** Stores a version once, however often it is made. @returns its digest. */
export async function storeDataset(objects: ObjectStore, manifest: Manifest): Promise<string> {
  const { digest, bytes } = sealed(manifest)
  await objects.putIfAbsent(BUCKET, keyOf(digest), bytes)
  return digest
}

/** @throws SentinelError `NOT_FOUND`, `DATASET_INVALID` */
export async function readDataset(objects: ObjectStore, digest: string): Promise<Manifest> {
  const bytes = await objects.get(BUCKET, keyOf(digest))
  if (!bytes) throw notFound(digest)
  return opened(digest, bytes)
}

/** Every version, the newest first. */
export async function listDatasets(objects: ObjectStore): Promise<StoredDataset[]> {
  const found: StoredDataset[] = []
  for await (const { key, modifiedAt } of objects.list(BUCKET, FOLDER)) {
    found.push({ digest: key.slice(FOLDER.length, -'.json'.length), createdAt: modifiedAt })
  }
  return found.sort((a, b) => b.createdAt - a.createdAt)
}

/** The whole digest of the one version that begins so. @throws SentinelError `NOT_FOUND`, `INPUT_INVALID` */
export async function datasetNamed(objects: ObjectStore, text: string): Promise<string> {
  const prefix = DIGEST.exec(text)?.[1]
  const found = prefix ? (await listDatasets(objects)).filter(({ digest }) => digest.startsWith(prefix)) : []
  if (found.length > 1)
    throw new SentinelError('INPUT_INVALID', `${found.length} datasets begin with ${prefix}. Give more of the digest.`)
  if (!found[0]) throw notFound(text)
  return found[0].digest
}

/** @throws SentinelError `NOT_FOUND`, `DATASET_INVALID` where the bytes are not those that were stored. */
export async function readImage(objects: ObjectStore, digest: string): Promise<Uint8Array> {
  const bytes = await objects.get(BUCKET, imageKey(digest))
  if (!bytes) throw failing('NOT_FOUND', say('dataset.pictureGone', { digest }))
  if (createHash('sha256').update(bytes).digest('hex') === digest) return bytes
  throw failing('DATASET_INVALID', say('dataset.pictureDamaged', { digest }))
}

/** @returns the digest that it is stored under. */
export async function storeImage(objects: ObjectStore, bytes: Uint8Array): Promise<string> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  await objects.putIfAbsent(BUCKET, imageKey(digest), bytes)
  return digest
}

/** From now on new versions mix pictures of this one in. */
export async function makeBase(objects: ObjectStore, digest: string): Promise<void> {
  await objects.put(BUCKET, BASE_KEY, Buffer.from(JSON.stringify({ digest })))
}

export async function baseDataset(objects: ObjectStore): Promise<Manifest | undefined> {
  const bytes = await objects.get(BUCKET, BASE_KEY)
  return bytes && readDataset(objects, Base.parse(JSON.parse(Buffer.from(bytes).toString())).digest)
}

function notFound(text: string): SentinelError {
  return failing('NOT_FOUND', say('dataset.gone', { digest: text }))
}
