import { resolve } from 'node:path'
import { SentinelError } from '../errors.ts'
import { type BuiltImage, ImageBuilder } from '../images/build.ts'
import { type ImageName, images } from '../images/contents.ts'
import { buildDashboard } from './dashboard.ts'

export interface ImageFlags {
  readonly out: string
  readonly revision?: string
  readonly json?: boolean
}

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Makes one image, or `all`. */
export async function makeImages(name: string, { out, revision, json = false }: ImageFlags): Promise<void> {
  const names = name === 'all' ? (Object.keys(images) as ImageName[]) : [imageNamed(name)]
  const builder = new ImageBuilder({ out: resolve(out), revision, dashboard: () => buildDashboard(say) })
  const built: BuiltImage[] = []
  for (const each of names) {
    say(`Making ${each}…`)
    const image = await builder.build(each)
    built.push(image)
    if (!json) process.stdout.write(`${lineOf(image)}\n`)
  }
  if (json) process.stdout.write(`${JSON.stringify(built)}\n`)
}

function lineOf({ reference, digest, compressedBytes, file }: BuiltImage): string {
  return `${reference}  ${digest}  ${(compressedBytes / 1e6).toFixed(1)} MB compressed  ${file}`
}

function imageNamed(name: string): ImageName {
  if (Object.hasOwn(images, name)) return name as ImageName
  const known = Object.keys(images).join(', ')
  throw new SentinelError('NOT_FOUND', `There is no image ${JSON.stringify(name)}; there are ${known}, or all.`)
}
