import { stringify } from 'yaml'
import { aroundOf } from './around.ts'
import { deployedByLag, startedByLag } from './keda.ts'
import { servedByKnative } from './knative.ts'
import { type Plan, planOf } from './plan.ts'
import { imageNameOf } from './pod.ts'
import { type Declared, refuseWhatCannotWork } from './refusals.ts'

interface Manifest {
  validate(): void
  toJSON(): unknown
}

const HEAD = '# Made from the declarations in functions/ by `npm run generate`; change them, not this.\n'

/**
 * Every file of `knative/` and `keda/`, by its path. Each function has a folder that kustomize can build; what Knative hosts has
 * one in `keda/without-knative` too, for clusters that have no Knative.
 *
 * @throws SentinelError `CONFIGURATION_INVALID` with every reason why a cluster could not run what is declared
 */
export function renderManifests(declared: Declared): Map<string, string> {
  refuseWhatCannotWork(declared)
  const files = new Map<string, string>()
  const names = new Map<string, string[]>()
  for (const { folder, name, manifests } of foldersOf(declared)) {
    files.set(`${folder}/${name}/${name}.yaml`, documentsOf(manifests))
    files.set(`${folder}/${name}/kustomization.yaml`, kustomizationOf([`${name}.yaml`]))
    names.set(folder, [...(names.get(folder) ?? []), name])
  }
  for (const [folder, members] of names) files.set(`${folder}/kustomization.yaml`, kustomizationOf(members))
  return files
}

interface Folder {
  readonly folder: string
  readonly name: string
  readonly manifests: readonly object[]
}

function foldersOf({ functions, images, traffic = {} }: Declared): Folder[] {
  return functions.flatMap((declaration): Folder[] => {
    const plan = planOf(declaration)
    const { name } = plan
    const image = imageOf(plan, images)
    const byLag: Folder = { folder: 'keda', name, manifests: [...deployedByLag(plan, image), ...aroundOf(plan)] }
    if (plan.host === 'kafka') return [byLag]
    if (plan.host === 'job') return [{ ...byLag, manifests: [...startedByLag(plan, image), ...aroundOf(plan)] }]
    const served = [...servedByKnative(plan, image, traffic[name]), ...aroundOf(plan)]
    return [
      { folder: 'knative', name, manifests: served },
      {
        ...byLag,
        folder: 'keda/without-knative',
        manifests: [...deployedByLag(plan, image), ...aroundOf({ ...plan, host: 'kafka' })],
      },
    ]
  })
}

function imageOf(plan: Plan, images: Declared['images']): string {
  const name = imageNameOf(plan)
  const image = images[name]
  if (!image) throw new Error(`${plan.name} needs the image ${name}; name it in deploy/images.json.`)
  return image
}

function documentsOf(manifests: readonly object[]): string {
  const documents = manifests.map((manifest) =>
    stringify(checked(manifest), { aliasDuplicateObjects: false, lineWidth: 0 }),
  )
  return HEAD + documents.join('---\n')
}

/** @throws Error where it is not what the engine's own schema asks for */
function checked(manifest: object): unknown {
  if (!('validate' in manifest)) return manifest
  const typed = manifest as Manifest
  typed.validate()
  return typed.toJSON()
}

function kustomizationOf(resources: readonly string[]): string {
  return HEAD + stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources })
}
