import { storedModels } from '../../models/store.ts'
import { openObjects, type PlaceFlags, printJson, printTable } from './place.ts'

/** Prints the stored models. */
export async function listModels({ dataDir, json }: PlaceFlags): Promise<void> {
  const models = await storedModels(await openObjects(dataDir))
  if (json) return printJson(models)
  printTable(
    models.map(({ digest, name, family, inputWidth, inputHeight, classes }) => [
      digest,
      name,
      family,
      `${inputWidth}×${inputHeight}`,
      `${classes.length} classes`,
    ]),
  )
  process.stderr.write(`${models.length} models.\n`)
}
