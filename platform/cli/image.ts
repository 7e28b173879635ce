import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SentinelError } from '../errors.ts'
import { type BuiltImage, ImageBuilder } from '../images/build.ts'
import { type ImageName, images } from '../images/contents.ts'
import { ingredientsOf, sbomOf } from '../images/sbom.ts'
import { buildDashboard } from './dashboard.ts'

export interface ImageFlags {
  readonly out: string
  readonly revision?: string
  readonly sbom?: boolean
  /** Not an archive: the files below a folder of the image's name. */
  readonly files?: boolean
  readonly json?: boolean
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Makes one image, or `all`. */
export async function makeImages(
  name: string,
  { out, revision, files, sbom, json = false }: ImageFlags,
): Promise<void> {
  const names = name === 'all' ? (Object.keys(images) as ImageName[]) : [imageNamed(name)]
  const builder = new ImageBuilder({ out: resolve(out), revision, dashboard: () => buildDashboard(say) })
  if (files) return unpackAll(builder, names)
  const built: BuiltImage[] = []
  for (const each of names) {
    say(`Making ${each}…`)
    const image = await builder.build(each)
    built.push(image)
    if (sbom) await writeSbom(image)
    if (!json) process.stdout.write(`${lineOf(image)}\n`)
  }
  const told = built.map(({ sources, ...image }) => image)
  if (json) process.stdout.write(`${JSON.stringify(told)}\n`)
}

async function unpackAll(builder: ImageBuilder, names: readonly ImageName[]): Promise<void> {
  for (const name of names) process.stdout.write(`${await builder.unpack(name)}\n`)
}

/** `NAME.spdx.json` beside the archive. */
async function writeSbom({ reference, digest, sources, file }: BuiltImage): Promise<void> {
  const node = { name: 'node', version: process.versions.node, license: 'MIT' }
  const bill = sbomOf(reference, digest, [node, ...(await ingredientsOf(sources))])
  await writeFile(file.replace(/\.tar$/, '.spdx.json'), bill)
}

function lineOf({ reference, digest, compressedBytes, file }: BuiltImage): string {
  return `${reference}  ${digest}  ${(compressedBytes / 1e6).toFixed(1)} MB compressed  ${file}`
}

function imageNamed(name: string): ImageName {
  if (Object.hasOwn(images, name)) return name as ImageName
  if (name === 'detect-cuda') {
    const message =
      'The CUDA libraries of ONNX Runtime are downloaded by its installation script, which nothing here runs. Make it with Docker: docker build -f deploy/docker/Dockerfile --target detect-cuda .'
    throw new SentinelError('CONFIGURATION_INVALID', message)
  }
  const known = Object.keys(images).join(', ')
  throw new SentinelError('NOT_FOUND', `There is no image ${JSON.stringify(name)}; there are ${known}, or all.`)
}
