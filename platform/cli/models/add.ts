import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { downloadModel } from '../../adapters/model-onnxruntime/download.ts'
import { aboutOf, loadModel, type ReadModel, readModel } from '../../adapters/model-onnxruntime/load-model.ts'
import { pixelBytes } from '../../adapters/pictures/codec.ts'
import { systemClock } from '../../adapters/system-clock.ts'
import { messageOf, SentinelError } from '../../errors.ts'
import { type FrameImage, jpegImage } from '../../events/image.ts'
import { registerModel } from '../../models/register.ts'
import { digestOf, type ModelCard, storeModel } from '../../models/store.ts'
import type { Model } from '../../ports/model.ts'
import { ERRORS, type Payload, succeeded } from '../api.ts'
import { onDataDirectory } from '../data-place.ts'
import { print } from './inspect.ts'
import { inFolder, openObjects, type PlaceFlags, printJson } from './place.ts'

interface AddFlags extends PlaceFlags {
  readonly names?: string
  readonly side?: string
  readonly name?: string
  readonly sha256?: string
  readonly picture?: string
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Checks a model, runs it on one picture, stores it by its digest and makes it known. */
export async function addModel(place: string, flags: AddFlags): Promise<void> {
  await inFolder(async (folder) => {
    const file = isUrl(place) ? await downloaded(place, folder) : place
    // Before any of it is run.
    if (flags.sha256 !== undefined) checkDigest(await bytesOf(file), flags.sha256)
    const read = await readModel({ file, names: flags.names, side: flags.side })
    if (!flags.json) print(read)
    const model = await loadModel({ file, names: flags.names, side: flags.side, workers: 1 })
    try {
      await tryOn(model, await pictureOf(flags.picture))
    } finally {
      await model.close()
    }
    const card = cardOf(read, flags.name ?? model.info.name)
    const about = await aboutOf(file, card.side)
    const digest = await storeModel(await openObjects(flags.dataDir), read.bytes, card, about)
    await register(flags.dataDir, digest, card)
    if (flags.json) printJson({ digest, ...card })
    else say(`${card.name} is stored. Detect with it: npm start -- --model ${digest}`)
  })
}

const isUrl = (place: string): boolean => /^https?:\/\//i.test(place)

async function downloaded(url: string, folder: string): Promise<string> {
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
  const bytes = await downloadModel(url, (done, total) =>
    say(`Downloading: ${mebibytes(done)} of ${total === undefined ? '?' : mebibytes(total)} MiB`),
  )
  const file = join(folder, basename(new URL(url).pathname) || 'model.onnx')
  await writeFile(file, bytes)
  return file
}

function checkDigest(bytes: Uint8Array, wanted: string): void {
  const digest = digestOf(bytes)
  if (wanted.toLowerCase().replace(/^sha256:/, '') === digest) return
  const message = `The SHA-256 of the file is ${digest}, not ${wanted}. It is another file or was changed on its way.`
  throw new SentinelError('INPUT_INVALID', message)
}

/** Grey, and as wide as most cameras' pictures. */
const PLAIN = { width: 640, height: 360 }

async function pictureOf(file: string | undefined): Promise<FrameImage> {
  if (file === undefined) {
    const data = new SharedArrayBuffer(pixelBytes(PLAIN.width, PLAIN.height))
    new Uint8Array(data).fill(128)
    const pixels = { ...PLAIN, data }
    return { ...jpegImage(new Uint8Array(), PLAIN.width, PLAIN.height), lend: () => ({ pixels, giveBack() {} }) }
  }
  return jpegImage(await bytesOf(file), 0, 0)
}

async function bytesOf(file: string): Promise<Buffer> {
  return readFile(file).catch((cause: unknown) => {
    throw new SentinelError('INPUT_INVALID', `Cannot read ${file}: ${messageOf(cause)}. Check the path.`, { cause })
  })
}

async function tryOn(model: Model, picture: FrameImage): Promise<void> {
  const { boxes, timings } = await model.detect(picture)
  const { prepareMs, inferMs, decodeMs } = timings
  const seen = boxes.map(({ class: name, score }) => `${name} ${score.toFixed(2)}`).slice(0, 10)
  say(
    `Ran on ${model.info.provider} in ${(prepareMs + inferMs + decodeMs).toFixed(0)} ms: ${boxes.length} boxes${seen.length > 0 ? ` (${seen.join(', ')})` : ''}`,
  )
}

function cardOf({ bytes, description, setup: { told } }: ReadModel, name: string): ModelCard {
  const { decoder, classes, fixedInput, longSide } = description
  return {
    name,
    family: decoder.family,
    classes: [...classes],
    inputWidth: fixedInput?.width ?? longSide,
    inputHeight: fixedInput?.height ?? longSide,
    bytes: bytes.length,
    side: { ...told.side, name, names: [...classes] },
  }
}

/** Through the Sentinel that runs on the data directory, or in its database. */
async function register(dataDir: string, digest: string, card: ModelCard): Promise<void> {
  await onDataDirectory(dataDir, process.env, {
    running: async (ask) => {
      const query = `mutation ($digest: String!) { registerModel(input: { digest: $digest }) { ${ERRORS} } }`
      succeeded((await ask<{ registerModel: Payload }>(query, { digest })).registerModel)
    },
    stopped: ({ database }) => registerModel({ database, clock: systemClock }, { digest, ...card }),
  })
}
