import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { root } from '../paths.ts'

/** A package of others that is part of an image. */
export interface Ingredient {
  readonly name: string
  readonly version: string
  /** As its own manifest says it, by SPDX. */
  readonly license: string
}

const MODULES = `${join(root, 'node_modules')}${sep}`

/** The packages that files of `node_modules` belong to, each once and by name. */
export async function ingredientsOf(files: readonly string[]): Promise<Ingredient[]> {
  const folders = new Set(files.flatMap((file) => folderOf(file) ?? []))
  const found = await Promise.all([...folders].map(ingredientIn))
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

/** The folder with the manifest: packages lie in packages where versions differ. */
function folderOf(file: string): string | undefined {
  const at = file.lastIndexOf(`${sep}node_modules${sep}`)
  if (!file.startsWith(MODULES)) return undefined
  const begin = at + `${sep}node_modules${sep}`.length
  const parts = file.slice(begin).split(sep)
  return file.slice(0, begin) + parts.slice(0, parts[0]!.startsWith('@') ? 2 : 1).join(sep)
}

async function ingredientIn(folder: string): Promise<Ingredient> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return { name, version, license: typeof license === 'string' ? license : 'NOASSERTION' }
}

/** A bill of materials in SPDX 2.3, of what is in the image and nothing else: what is bundled, what is beside the bundle, and Node. */
export function sbomOf(reference: string, digest: string, ingredients: readonly Ingredient[]): string {
  const image = {
    SPDXID: 'SPDXRef-image',
    name: reference,
    versionInfo: digest,
    ...UNSAID,
    licenseDeclared: 'Apache-2.0',
  }
  const packages = ingredients.map(({ name, version, license }) => ({
    SPDXID: `SPDXRef-${createHash('sha256').update(`${name}@${version}`).digest('hex').slice(0, 16)}`,
    name,
    versionInfo: version,
    ...UNSAID,
    licenseDeclared: license,
    externalRefs: [
      {
        referenceCategory: 'PACKAGE-MANAGER',
        referenceType: 'purl',
        referenceLocator: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      },
    ],
  }))
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: reference,
    documentNamespace: `https://sentinel.invalid/spdx/${digest}`,
    // Of every image, so that the same image has the same bill.
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: sentinel-image'] },
    packages: [image, ...packages],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: image.SPDXID },
      ...packages.map(({ SPDXID }) => ({
        spdxElementId: image.SPDXID,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: SPDXID,
      })),
    ],
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

const UNSAID = {
  downloadLocation: 'NOASSERTION',
  licenseConcluded: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const
