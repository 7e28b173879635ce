import { differenceOf, problemsIn } from '../../datasets/compare.ts'
import type { Entry } from '../../datasets/manifest.ts'
import { datasetNamed, listDatasets, readDataset } from '../../datasets/store.ts'
import { boxesByClass, summaryOf } from '../../datasets/summary.ts'
import { codeOf, messageOf } from '../../errors.ts'
import type { ObjectStore } from '../../ports/objects.ts'
import { openObjects, type PlaceFlags, printJson, printTable } from '../models/place.ts'

export async function list(flags: PlaceFlags): Promise<void> {
  const objects = await openObjects(flags.dataDir)
  const versions = []
  for (const { digest, createdAt } of await listDatasets(objects)) {
    const made = { digest, createdAt: new Date(createdAt).toISOString() }
    versions.push({ ...made, ...(await summaryOrProblem(objects, digest)) })
  }
  if (versions.some((version) => 'problem' in version)) process.exitCode = 1
  if (flags.json) return printJson(versions)
  const rows = versions.map((version) => {
    const told = 'problem' in version ? ['damaged', '', '', ''] : numbersOf(version)
    return [version.digest.slice(0, 12), version.createdAt, ...told]
  })
  printTable([['DIGEST', 'MADE', 'TRAIN', 'VAL', 'OF THESE BASE', 'BOXES'], ...rows])
}

type Summary = ReturnType<typeof summaryOf>

const numbersOf = ({ train, val, base, boxes }: Summary): string[] => [train, val, base, boxes].map(String)

/** One that is damaged hides no other. */
async function summaryOrProblem(objects: ObjectStore, digest: string): Promise<Summary | { readonly problem: string }> {
  try {
    return summaryOf(await readDataset(objects, digest))
  } catch (error) {
    if (codeOf(error) !== 'DATASET_INVALID') throw error
    return { problem: messageOf(error) }
  }
}

export async function show(text: string, flags: PlaceFlags): Promise<void> {
  const objects = await openObjects(flags.dataDir)
  const digest = await datasetNamed(objects, text)
  const manifest = await readDataset(objects, digest)
  if (flags.json) return printJson({ digest, ...summaryOf(manifest), ...manifest })
  const { train, val, base } = summaryOf(manifest)
  process.stdout.write(`${digest}\n${train} pictures to learn from, ${val} to judge by; ${base} of all are base\n\n`)
  printTable([
    ['CLASS', 'TRAIN', 'VAL'],
    ...boxesByClass(manifest).map(({ name, train, val }) => [name, `${train}`, `${val}`]),
  ])
  process.stdout.write('\n')
  const cameras = [...Map.groupBy(manifest.entries, ({ camera, light }) => `${camera}\t${light ?? '?'}`)]
  printTable([
    ['CAMERA', 'LIGHT', 'PICTURES'],
    ...cameras.map(([key, all]) => [...key.split('\t'), String(all.length)]),
  ])
}

export async function diff(before: string, after: string, flags: PlaceFlags): Promise<void> {
  const objects = await openObjects(flags.dataDir)
  const read = async (text: string) => readDataset(objects, await datasetNamed(objects, text))
  const difference = differenceOf(await read(before), await read(after))
  if (flags.json) return printJson(difference)
  const { added, removed, changed } = difference
  const line = (sign: string) => (entry: Entry) => [sign, entry.image.slice(0, 12), entry.camera, entry.split]
  printTable([...removed.map(line('-')), ...added.map(line('+')), ...changed.map(({ to }) => line('~')(to))])
  process.stderr.write(`${added.length} came, ${removed.length} went, ${changed.length} changed.\n`)
}

/** Exit code 1 where something is wrong. */
export async function verify(text: string, flags: PlaceFlags): Promise<void> {
  const objects = await openObjects(flags.dataDir)
  const digest = await datasetNamed(objects, text)
  const manifest = await readDataset(objects, digest)
  const problems = await problemsIn(objects, manifest)
  if (problems.length > 0) process.exitCode = 1
  if (flags.json) return printJson({ digest, pictures: manifest.entries.length, problems })
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  process.stderr.write(
    problems.length === 0
      ? `${digest}: ${manifest.entries.length} pictures, all as they were made.\n`
      : `${digest}: ${problems.length} problems.\n`,
  )
}
