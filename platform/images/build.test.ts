import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { CLIENTS } from '../adapters/log-kafka/place.ts'
import { functions } from '../hosts/functions.ts'
import { imageNameOf } from '../manifests/pod.ts'
import { type BuiltImage, ImageBuilder } from './build.ts'

const run = promisify(execFile)
const MOST_BYTES = 120e6
const skip = process.platform !== 'linux' && 'images hold the programs of the machine, which must be Linux'

interface Described {
  readonly config: {
    readonly User: string
    readonly Entrypoint: string[]
    readonly Env: string[]
    readonly WorkingDir: string
  }
  readonly rootfs: { readonly diff_ids: string[] }
}

/** An image as containerd unpacks it. */
async function unpacked(file: string, folder: string) {
  await mkdir(join(folder, 'layout'), { recursive: true })
  await mkdir(join(folder, 'root'))
  await run('tar', ['-xf', file, '-C', join(folder, 'layout')])
  const blobOf = (digest: string): string => join(folder, 'layout', 'blobs', digest.replace(':', '/'))
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8'))
  const [manifestEntry] = (await read(join(folder, 'layout', 'index.json'))).manifests
  const manifest = await read(blobOf(manifestEntry.digest))
  for (const { digest } of manifest.layers) await run('tar', ['-xzf', blobOf(digest), '-C', join(folder, 'root')])
  return { manifestEntry, manifest, blobOf, described: (await read(blobOf(manifest.config.digest))) as Described }
}

/** What a container of the image says, run by the image's own Node on the image's own libraries. */
async function saidBy(
  folder: string,
  { config }: Described,
  args: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Promise<string> {
  const root = join(folder, 'root')
  const [node, ...rest] = config.Entrypoint.map((part) => (part.startsWith('/') ? join(root, part) : part))
  const loader = process.arch === 'arm64' ? 'lib/ld-linux-aarch64.so.1' : 'lib64/ld-linux-x86-64.so.2'
  const libraries = join(root, 'lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu')
  const command = [join(root, loader), '--library-path', libraries, node!, ...rest, ...args]
  const env = Object.fromEntries(config.Env.map((pair) => pair.split('=') as [string, string]))
  const cache = { NODE_COMPILE_CACHE: join(root, env.NODE_COMPILE_CACHE!) }
  return run(command[0]!, command.slice(1), {
    cwd: join(root, config.WorkingDir),
    env: { ...env, ...cache, ...given },
  }).then(
    () => assert.fail('it should have ended with an error'),
    ({ stderr }: { stderr: string }) => stderr,
  )
}

describe('an image that is made without a daemon', { skip }, () => {
  let folder: string
  let built: BuiltImage
  let image: Awaited<ReturnType<typeof unpacked>>
  let builder: ImageBuilder

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-image-'))
    builder = new ImageBuilder({ out: folder, dashboard: () => assert.fail('it has no dashboard') })
    built = await builder.build('functions')
    image = await unpacked(built.file, folder)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  test('has the same digest when it is made again', async () => {
    assert.equal((await builder.build('functions')).digest, built.digest)
  })

  test('is small enough to be pulled while an event waits', () => {
    assert.ok(built.compressedBytes <= MOST_BYTES, `${built.compressedBytes} bytes`)
  })

  test('is named as the manifests name it, and every blob is what its digest says', async () => {
    const { manifestEntry, manifest, blobOf } = image
    assert.equal(manifestEntry.annotations['io.containerd.image.name'], `docker.io/${built.reference}`)
    assert.equal(manifestEntry.digest, built.digest)
    for (const { digest, size } of [manifestEntry, manifest.config, ...manifest.layers]) {
      const bytes = await readFile(blobOf(digest))
      assert.equal(bytes.length, size)
      assert.equal(`sha256:${createHash('sha256').update(bytes).digest('hex')}`, digest)
    }
  })

  test('runs as the user of the manifests, who is not root', () => {
    assert.equal(image.described.config.User, '10001:10001')
  })

  test('has on board all that its Node needs, and says which of the functions it runs', async () => {
    const said = await saidBy(folder, image.described, ['run', 'detect'])
    const mine = functions
      .map(({ declaration }) => declaration)
      .filter(({ host, needs }) => imageNameOf({ host, needs }) === 'functions')
    assert.match(said, /cannot do "run detect"/)
    assert.deepEqual(
      said
        .match(/NAME of: (.*)\./)![1]!
        .split(', ')
        .sort(),
      mine.map(({ name }) => name).sort(),
    )
  })

  test('starts a function, which asks for what it needs', async () => {
    const said = await saidBy(folder, image.described, ['run', 'event-store'])
    assert.match(said, /SENTINEL_LOG is missing[\s\S]*DATABASE_URL is missing/)
  })

  test('does the work of the Jobs', async () => {
    const said = await saidBy(folder, image.described, ['migrate'])
    assert.match(said, /Set DATABASE_URL=postgres/)
  })

  test('speaks to Kafka by each of the clients', async () => {
    const said = CLIENTS.map((client) =>
      saidBy(folder, image.described, ['topics', 'apply'], { SENTINEL_LOG: `kafka://127.0.0.1:1/?client=${client}` }),
    )
    for (const each of said) assert.match(await each, /Kafka: .*ECONNREFUSED.*see that the brokers run/)
  })
})
