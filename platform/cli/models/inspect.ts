import { type ReadModel, readModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { locateModel } from '../../hosts/detector.ts'
import { shapeText } from '../../models/input.ts'
import type { TensorShape } from '../../models/onnx.ts'
import { digestOf } from '../../models/store.ts'
import { inFolder, openObjects, type PlaceFlags, printJson, printTable } from './place.ts'

interface InspectFlags extends PlaceFlags {
  readonly names?: string
  readonly side?: string
}

/** Prints what is understood of a model, each decision with its reason. */
export async function inspect(place: string, { dataDir, json, names, side }: InspectFlags): Promise<void> {
  await inFolder(async (folder) => {
    const located = await locateModel({ model: place, objects: () => openObjects(dataDir), folder })
    const model = await readModel({ file: located.file, names, side: side ?? located.side })
    if (json) printJson(reportOf(model))
    else print(model)
  })
}

function reportOf({ bytes, description, setup: { onnx } }: ReadModel) {
  const { decoder, classes, preparation, reasons } = description
  const { inputs, outputs, metadata, producer } = onnx
  return {
    digest: digestOf(bytes),
    bytes: bytes.length,
    producer,
    family: decoder.family,
    inputs,
    outputs,
    preparation,
    classes,
    decisions: reasons,
    metadata,
  }
}

/** Everything that was decided about a model, and why. */
export function print(model: ReadModel): void {
  const { digest, bytes, producer, inputs, outputs, classes, decisions } = reportOf(model)
  const shapes = (tensors: readonly TensorShape[]) =>
    tensors.map(({ name, dimensions }) => `${name} ${shapeText(dimensions)}`).join(', ')
  printTable([
    ['digest', digest],
    ['size', `${(bytes / 2 ** 20).toFixed(1)} MiB${producer && `, made by ${producer}`}`],
    ['inputs', shapes(inputs)],
    ['outputs', shapes(outputs)],
  ])
  process.stdout.write('\n')
  printTable([['decision', 'value', 'why'], ...decisions.map(({ what, value, why }) => [what, value, why])])
  process.stdout.write(`\n${classes.join(', ')}\n`)
}
