import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
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
import { filesOf, type ImageFile } from './tree.ts'

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

  async build(name: ImageName): Promise<BuiltImage> {
    const contents: Contents = images[name]
    const reference = await referenceOf(name)
    const layers = await this.#layersOf(name, contents)
    const image = await imageOf(`docker.io/${reference}`, layers, this.#configOf(name, contents, reference))
    const file = join(this.#options.out, `${name}.tar`)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, image.archive)
    return { reference, digest: image.digest, compressedBytes: image.compressedBytes, file }
  }

  async #layersOf(name: ImageName, contents: Contents): Promise<Layer[]> {
    const natives = contents.natives.map((native) =>
      this.#shared(native, () => nativeFiles(native, process.arch, join(APP, 'node_modules'))),
    )
    const runtime = this.#shared('runtime', runtimeFiles, TEMPORARY)
    const own = await withFolder(async (folder) => layerOf(await tarOf(await this.#program(name, contents, folder))))
    return [await runtime, ...(await Promise.all(natives)), own]
  }

  #shared(key: string, files: () => Promise<ImageFile[]>, open?: ReadonlySet<string>): Promise<Layer> {
    const layer = this.#layers.get(key) ?? files().then(async (all) => layerOf(await tarOf(all, open)))
    this.#layers.set(key, layer)
    return layer
  }

  /** The bundle with what was compiled of it, and the files that it reads. */
  async #program(name: ImageName, { files, dashboard }: Contents, folder: string): Promise<ImageFile[]> {
    const app = join(folder, APP)
    const program = join(app, 'bundle')
    const modules = await bundle(name, program)
    await compileAhead({ folder: program, place: `/${APP}/bundle`, modules }, join(app, 'cache'))
    const read = await Promise.all(files.map((pattern) => filesOf(root, pattern, APP)))
    return [
      ...(await filesOf(app, '**/*', APP)),
      ...read.flat(),
      ...(dashboard ? await filesOf(await this.#options.dashboard(), '**/*', join(APP, 'dist', 'web')) : []),
    ]
  }

  #configOf(name: ImageName, { description }: Contents, reference: string): ImageConfig {
    const { revision } = this.#options
    return {
      architecture: this.#architecture,
      user: `${USER}:${USER}`,
      entrypoint: [NODE, ...NODE_FLAGS, `/${APP}/bundle/${MAIN}`],
      workingDirectory: `/${APP}`,
      env: { PATH: '/usr/bin', NODE_ENV: 'production', NODE_COMPILE_CACHE: `/${APP}/cache` },
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
