import type { ImportReport } from '../../cameras/import.ts'
import { type Ask, ERRORS, type Payload, succeeded } from '../api.ts'
import type { CameraRegistry, ListedCamera } from './registry.ts'

const CAMERA = 'id name source enabled state latitude longitude'
const PAGE = 100

type CameraPayload = Payload & { readonly camera: ListedCamera }
interface CameraPage {
  readonly edges: readonly { readonly node: ListedCamera }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Through the API of a running Sentinel. */
export function remoteRegistry(ask: Ask): CameraRegistry {
  const cameraOf = async (field: string, input: object): Promise<ListedCamera> => {
    const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input!`
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { camera { ${CAMERA} } ${ERRORS} } }`
    return lowered(succeeded((await ask<Record<string, CameraPayload>>(query, { input }))[field]!).camera)
  }
  return {
    list: () => allCameras(ask),
    add: (input) => cameraOf('addCamera', input),
    remove: (id) => cameraOf('removeCamera', { id }),
    import: async (catalogue, enabled) => {
      const query = `mutation ($input: ImportCamerasInput!) {
        importCameras(input: $input) { added updated unchanged rejected { row reason } ${ERRORS} } }`
      const { importCameras } = await ask<{ importCameras: ImportReport & Payload }>(query, {
        input: { catalogue, enabled },
      })
      const { added, updated, unchanged, rejected } = succeeded(importCameras)
      return { added, updated, unchanged, rejected }
    },
  }
}

async function allCameras(ask: Ask): Promise<ListedCamera[]> {
  const query = `query ($after: String) {
    cameras(first: ${PAGE}, after: $after) { edges { node { ${CAMERA} } } pageInfo { hasNextPage endCursor } } }`
  const all: ListedCamera[] = []
  for (let after: string | null = null, isMore = true; isMore; ) {
    const { cameras }: { cameras: CameraPage } = await ask(query, { after })
    all.push(...cameras.edges.map(({ node }) => lowered(node)))
    after = cameras.pageInfo.endCursor
    isMore = cameras.pageInfo.hasNextPage
  }
  return all
}

/** Enumerations are in upper case in the API only. */
function lowered(camera: ListedCamera): ListedCamera {
  return { ...camera, state: camera.state.toLowerCase() }
}
