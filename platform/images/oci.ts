import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { tarOf } from './tar.ts'
import { READABLE, textFile } from './tree.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

/** What is named by the SHA-256 of its bytes. */
interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Buffer
}

/** A layer, compressed. */
export interface Layer {
  readonly blob: Blob
  /** Digest of the archive before it was compressed. */
  readonly diffId: string
}

/** How a container of the image starts. */
export interface ImageConfig {
  /** Of the machine: `amd64` or `arm64`. */
  readonly architecture: string
  /** Numbers, as Kubernetes needs them to see that it is not root. */
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

export interface Image {
  /** Of the manifest, which names everything else by its digest. */
  readonly digest: string
  /** What is pulled: all layers, compressed. */
  readonly compressedBytes: number
  /** An OCI image layout (1.1) in one file. */
  readonly archive: Buffer
}

/** @param tar of the layer's files. */
export async function layerOf(tar: Buffer): Promise<Layer> {
  const bytes = await promisify(gzip)(tar, { level: 6 })
  return { blob: blobOf('application/vnd.oci.image.layer.v1.tar+gzip', bytes), diffId: digestOf(tar) }
}

/** @param reference as containerd knows it: `docker.io/sentinel/detect:0.1.0`. */
export async function imageOf(reference: string, layers: readonly Layer[], config: ImageConfig): Promise<Image> {
  const configBlob = jsonBlob('application/vnd.oci.image.config.v1+json', {
    architecture: config.architecture,
    os: 'linux',
    config: {
      User: config.user,
      Env: Object.entries(config.env).map(([name, value]) => `${name}=${value}`),
      Entrypoint: config.entrypoint,
      WorkingDir: config.workingDirectory,
      Labels: config.labels,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  })
  const manifest = jsonBlob(MANIFEST, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptorOf(configBlob),
    layers: layers.map(({ blob }) => descriptorOf(blob)),
  })
  const annotations = {
    'io.containerd.image.name': reference,
    'org.opencontainers.image.ref.name': reference.slice(reference.lastIndexOf(':') + 1),
  }
  const index = { schemaVersion: 2, manifests: [{ ...descriptorOf(manifest), annotations }] }
  const blobs = [configBlob, manifest, ...layers.map(({ blob }) => blob)]
  const archive = await tarOf([
    textFile('oci-layout', JSON.stringify({ imageLayoutVersion: '1.0.0' })),
    textFile('index.json', JSON.stringify(index)),
    ...unique(blobs).map(({ digest, bytes }) => ({
      path: `blobs/${digest.replace(':', '/')}`,
      mode: READABLE,
      content: bytes,
    })),
  ])
  const compressedBytes = layers.reduce((sum, { blob }) => sum + blob.bytes.length, 0)
  return { digest: manifest.digest, compressedBytes, archive }
}

function unique(blobs: readonly Blob[]): Blob[] {
  return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()]
}

function jsonBlob(mediaType: string, value: unknown): Blob {
  return blobOf(mediaType, Buffer.from(JSON.stringify(value)))
}

function blobOf(mediaType: string, bytes: Buffer): Blob {
  return { mediaType, digest: digestOf(bytes), bytes }
}

function descriptorOf({ mediaType, digest, bytes }: Blob) {
  return { mediaType, digest, size: bytes.length }
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
