import { messageOf } from '../errors.ts'
import type { ObjectStore } from '../ports/objects.ts'
import { canonicalJson } from './canonical.ts'
import type { Entry, Manifest } from './manifest.ts'
import { SPLIT_RULES } from './split.ts'
import { readImage } from './store.ts'

export interface Difference {
  readonly classes: { readonly added: readonly string[]; readonly removed: readonly string[] }
  readonly added: readonly Entry[]
  readonly removed: readonly Entry[]
  /** The same picture, otherwise described. */
  readonly changed: readonly { readonly from: Entry; readonly to: Entry }[]
}

export function differenceOf(from: Manifest, to: Manifest): Difference {
  const [before, after] = [from, to].map(({ entries }) => new Map(entries.map((entry) => [entry.image, entry])))
  const missing = (some: readonly string[], others: readonly string[]) => some.filter((each) => !others.includes(each))
  return {
    classes: { added: missing(to.classes, from.classes), removed: missing(from.classes, to.classes) },
    added: to.entries.filter(({ image }) => !before!.has(image)),
    removed: from.entries.filter(({ image }) => !after!.has(image)),
    changed: to.entries.flatMap((entry) => {
      const old = before!.get(entry.image)
      return old && canonicalJson(old) !== canonicalJson(entry) ? [{ from: old, to: entry }] : []
    }),
  }
}

/** Everything that is wrong with a version: pictures that are gone or damaged, unknown classes, near copies on both sides. */
export async function problemsIn(objects: ObjectStore, manifest: Manifest): Promise<string[]> {
  const problems = [...unknownClasses(manifest), ...nearCopies(manifest)]
  for (const { image } of manifest.entries) {
    await readImage(objects, image).catch((error: unknown) => problems.push(messageOf(error)))
  }
  return problems
}

function unknownClasses({ classes, entries }: Manifest): string[] {
  const unknown = new Set(entries.flatMap(({ boxes }) => boxes?.map((box) => box.class) ?? []))
  for (const name of classes) unknown.delete(name)
  return [...unknown].map((name) => `Boxes are of the class “${name}”, which is none of the dataset.`)
}

function nearCopies({ entries }: Manifest): string[] {
  const ofCamera = Map.groupBy(
    entries.filter(({ capturedAt, role }) => capturedAt !== null && role === 'annotated'),
    ({ camera }) => camera,
  )
  return [...ofCamera.values()].flatMap((all) => {
    const sorted = all.sort((a, b) => a.capturedAt! - b.capturedAt!)
    return sorted.slice(1).flatMap((entry, i) => {
      const before = sorted[i]!
      const seconds = (entry.capturedAt! - before.capturedAt!) / 1e6
      if (entry.split === before.split || seconds >= SPLIT_RULES.guardSeconds) return []
      return [
        `Pictures of camera ${entry.camera} only ${seconds.toFixed(1)} s apart are on both sides: ${before.image}, ${entry.image}.`,
      ]
    })
  })
}
