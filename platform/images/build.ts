import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { SentinelError } from '../errors.ts'
import { root } from '../paths.ts'
import { bundle, MAIN } from './bundle.ts'
import { compileAhead } from './compile-cache.ts'
import { type Contents, type ImageName, images, USER } from './contents.ts'
import { nativeFiles } from './natives.ts'
import { type ImageConfig, imageOf, type Layer, layerOf } from './oci.ts'
import { NODE, NODE_FLAGS, runtimeFiles } from './runtime.ts'
import { tarOf } from './tar.ts'
import { filesOf, type ImageFile, writeFiles } from './tree.ts'

/** In the image: everything of Sentinel, and the working directory. */
const APP = 'app'
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

export interface BuildOptions {
  /** Folder of the archives. */
  readonly out: string
  /** Makes the dashboard. @returns its folder. */
  readonly dashboard: () => Promise<string>
  /** The commit that it is made of, for its label; without it nothing tells one commit's image from another's with the same files. */
  readonly revision?: string | undefined
}

export interface BuiltImage {
  readonly reference: string
  readonly digest: string
  readonly compressedBytes: number
  readonly file: string
  /** Files of this repository, packages among them, that something of is in it. */
  readonly sources: readonly string[]
}

/** Files that are one layer of an image. */
interface Part {
  /** Of those that other images have too. */
  readonly key?: string
  readonly files: readonly ImageFile[]
  readonly open?: ReadonlySet<string>
}

/**
 * Makes images without a daemon: each an OCI archive for the architecture of this machine. Layers that several have in common are made
 * once.
 *
 * @throws SentinelError `CONFIGURATION_INVALID` on a machine that is not Linux: the binaries that go in are its own.
 */
export class ImageBuilder {
  readonly #options: BuildOptions
  readonly #architecture: string
  readonly #layers = new Map<string, Promise<Layer>>()

  constructor(options: BuildOptions) {
    const architecture = process.platform === 'linux' ? ARCHITECTURES[process.arch] : undefined
    if (!architecture) {
      const message = `Images hold the programs of this machine, and ${process.platform}-${process.arch} cannot run in a container. Use deploy/docker/Dockerfile.`
      throw new SentinelError('CONFIGURATION_INVALID', message)
    }
    this.#options = options
    this.#architecture = architecture
  }

  /** @throws what making the dashboard throws, where the image has it. */
  async build(name: ImageName): Promise<BuiltImage> {
    const contents: Contents = images[name]
    const reference = await referenceOf(name)
    const { layers, files } = await this.#partsOf(name, contents, async ({ key, files, open }) => {
      const make = async (): Promise<Layer> => layerOf(await tarOf(files, open))
      return key === undefined ? make() : this.#shared(key, make)
    })
    const image = await imageOf(`docker.io/${reference}`, layers, this.#configOf(name, contents, reference))
    const file = join(this.#options.out, `${name}.tar`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, image.archive)
    return { reference, digest: image.digest, compressedBytes: image.compressedBytes, file, sources: files }
  }

  /** The same files below a folder of the image's name, for those who make an image of them by other means. @returns the folder. */
  async unpack(name: ImageName): Promise<string> {
    const folder = join(this.#options.out, name)
    const write = ({ files }: Part): Promise<void> => writeFiles(files, folder)
    await this.#partsOf(name, images[name], write)
    await mkdir(join(folder, 'tmp'), { recursive: true })
    await chmod(join(folder, 'tmp'), 0o1777)
    return folder
  }

  /** Does something with the files of each layer, from the one that most images have to the one that is this image's alone. */
  async #partsOf<T>(name: ImageName, contents: Contents, use: (part: Part) => Promise<T>) {
    const layers = [await use({ key: 'runtime', files: await runtimeFiles(), open: TEMPORARY })]
    const sources: string[] = []
    for (const native of contents.natives) {
      const files = await nativeFiles(native, process.arch, join(APP, 'node_modules'))
      sources.push(...files.flatMap(({ content }) => (Buffer.isBuffer(content) ? [] : content.file)))
      layers.push(await use({ key: native, files }))
    }
    await withFolder(async (folder) => {
      const program = await this.#program(name, contents, folder)
      sources.push(...program.sources)
      layers.push(await use({ files: program.files }))
    })
    return { layers, files: sources }
  }

  #shared(key: string, make: () => Promise<Layer>): Promise<Layer> {
    const layer = this.#layers.get(key) ?? make()
    this.#layers.set(key, layer)
    return layer
  }

  /** The bundle with what was compiled of it, and the files that it reads. */
  async #program(name: ImageName, { files, dashboard }: Contents, folder: string) {
    const app = join(folder, APP)
    const program = join(app, 'bundle')
    const { parts, files: sources } = await bundle(entryOf(name), program)
    await compileAhead({ folder: program, place: `/${APP}/bundle`, modules: parts }, join(app, 'cache'))
    const read = await Promise.all(files.map((pattern) => filesOf(root, pattern, APP)))
    const all = [
      ...(await filesOf(app, '**/*', APP)),
      ...read.flat(),
      ...(dashboard ? await filesOf(await this.#options.dashboard(), '**/*', join(APP, 'dist', 'web')) : []),
    ]
    return { files: all, sources }
  }

  #configOf(name: ImageName, { description }: Contents, reference: string): ImageConfig {
    const { revision } = this.#options
    return {
      architecture: this.#architecture,
      ...startOf(),
      labels: {
        'org.opencontainers.image.title': `sentinel-${name}`,
        'org.opencontainers.image.description': description,
        'org.opencontainers.image.version': reference.slice(reference.lastIndexOf(':') + 1),
        'org.opencontainers.image.licenses': 'Apache-2.0',
        ...(revision && { 'org.opencontainers.image.revision': revision }),
      },
    }
  }
}

/** How the container of every image starts. */
export function startOf() {
  return {
    user: `${USER}:${USER}`,
    entrypoint: [NODE, ...NODE_FLAGS, `/${APP}/bundle/${MAIN}`],
    workingDirectory: `/${APP}`,
    env: { PATH: '/usr/bin', NODE_ENV: 'production', NODE_COMPILE_CACHE: `/${APP}/cache` },
  }
}

/** What the container of an image starts, before it is bundled. */
export function entryOf(name: ImageName): string {
  return join(root, 'platform', 'images', 'entries', `${name}.ts`)
}

const TEMPORARY = new Set(['tmp'])

async function referenceOf(name: ImageName): Promise<string> {
  const references = JSON.parse(await readFile(join(root, 'deploy', 'images.json'), 'utf8')) as Record<string, string>
  return references[name]!
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-image-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
