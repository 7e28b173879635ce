import type { Entry } from '../../platform/datasets/manifest.ts'
import { listDatasets, readDataset, readImage } from '../../platform/datasets/store.ts'
import { codeOf } from '../../platform/errors.ts'
import type { Light } from '../../platform/events/annotation.ts'
import type { Lineage } from '../../platform/events/model.ts'
import type { Database } from '../../platform/ports/database.ts'
import type { ObjectStore } from '../../platform/ports/objects.ts'

/** One picture that both models look at. */
export interface Exhibit {
  readonly read: () => Promise<Uint8Array>
  readonly width: number
  readonly height: number
  /** What is in it, where people certified that. */
  readonly truth: Entry['boxes']
  readonly light: Light | null
}

export interface Material {
  /** Certified by people, and kept from every training. */
  readonly heldOut: readonly Exhibit[]
  /** Earlier real pictures, about which nobody need have said anything. */
  readonly reference: readonly Exhibit[]
}

type Stores = { readonly database: Database; readonly objects: ObjectStore }

const MOST_HELD_OUT = 200
const MOST_REFERENCE = 48
/** With fewer of the base, pictures of the review queue stand in. */
const ENOUGH_OF_BASE = 8

/** What a candidate is judged by: its own dataset's pictures for judging, or those of the newest dataset. */
export async function materialFor(stores: Stores, lineage: Lineage | undefined): Promise<Material> {
  const entries = await entriesOf(stores.objects, lineage?.dataset)
  const ofSide = (role: Entry['role']) => entries.filter((entry) => entry.role === role && entry.split === 'val')
  const exhibit = (entry: Entry): Exhibit => ({
    ...{ width: entry.width, height: entry.height, truth: entry.boxes, light: entry.light },
    read: () => readImage(stores.objects, entry.image),
  })
  const heldOut = ofSide('annotated').filter(({ boxes }) => boxes !== null)
  const base = ofSide('base').slice(0, MOST_REFERENCE).map(exhibit)
  const taught = new Set(entries.flatMap(({ verdictId }) => verdictId ?? []))
  const reference = base.length >= ENOUGH_OF_BASE ? base : [...base, ...(await reviewed(stores, taught, base.length))]
  return { heldOut: heldOut.slice(-MOST_HELD_OUT).map(exhibit), reference }
}

async function entriesOf(objects: ObjectStore, dataset: string | undefined): Promise<readonly Entry[]> {
  const digest = dataset ?? (await listDatasets(objects))[0]?.digest
  return digest === undefined ? [] : (await readDataset(objects, digest)).entries
}

/** Pictures of the queue that the candidate did not learn from, the least doubtful first: what most frames are like. */
async function reviewed({ database, objects }: Stores, taught: ReadonlySet<string>, have: number): Promise<Exhibit[]> {
  const rows = await database
    .selectFrom('triage_items as i')
    .select(['i.image', 'i.width', 'i.height'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('verdicts as v')
            .select('v.id')
            .whereRef('v.item_id', '=', 'i.id')
            .where('v.id', 'in', taught.size > 0 ? [...taught] : ['']),
        ),
      ),
    )
    .orderBy('i.uncertainty')
    .orderBy('i.id')
    .limit(MOST_REFERENCE - have)
    .execute()
  const present = await Promise.all(rows.map(({ image }) => objects.head('sentinel-clips', image)))
  return rows
    .filter((_, i) => present[i])
    .map(({ image, width, height }) => ({
      ...{ width, height, truth: null, light: null },
      read: async () => (await objects.get('sentinel-clips', image)) ?? gone(image),
    }))
}

function gone(image: string): never {
  throw Object.assign(new Error(`The picture ${image} went while it was to be looked at`), { code: 'NOT_FOUND' })
}

/** Retention may take a picture away between listing and reading; one fewer is no reason to fail. */
export const isGone = (error: unknown): boolean => codeOf(error) === 'NOT_FOUND'
