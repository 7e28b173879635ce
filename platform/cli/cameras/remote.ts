import type { ImportReport } from '../../cameras/import.ts'
import { type ErrorCode, messageOf, SentinelError } from '../../errors.ts'
import { addressOf } from '../../hosts/local/address.ts'
import { adminToken } from '../../hosts/local/secrets.ts'
import type { CameraRegistry, ListedCamera } from './registry.ts'

const CAMERA = 'id name source enabled state latitude longitude'
const ERRORS = 'errors { code message }'
const PAGE = 100

interface Payload {
  readonly errors: readonly { readonly code: ErrorCode; readonly message: string }[]
}
type CameraPayload = Payload & { readonly camera: ListedCamera }
interface CameraPage {
  readonly edges: readonly { readonly node: ListedCamera }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** The API of the Sentinel that holds the data directory. @throws SentinelError `SERVER_UNAVAILABLE` while it is still starting. */
export async function openRemotely(directory: string): Promise<CameraRegistry> {
  const address = await addressOf(directory)
  if (!address) {
    const message = `The Sentinel on ${directory} is starting or stopping. Try again when it has printed that it is ready.`
    throw new SentinelError('SERVER_UNAVAILABLE', message)
  }
  const token = await adminToken(directory)
  return registryOf(<Data>(query: string, variables: Record<string, unknown>) =>
    ask<Data>(address, token, query, variables),
  )
}

type Ask = <Data>(query: string, variables: Record<string, unknown>) => Promise<Data>

function registryOf(ask: Ask): CameraRegistry {
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

function succeeded<T extends Payload>(payload: T): T {
  const [error] = payload.errors
  if (error) throw new SentinelError(error.code, error.message)
  return payload
}

async function ask<Data>(
  address: string,
  token: string,
  query: string,
  variables: Record<string, unknown>,
): Promise<Data> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  }).catch((cause: unknown) => {
    throw unanswered(address, messageOf((cause as Error).cause ?? cause))
  })
  const said = await response.text()
  if (!response.headers.get('content-type')?.includes('json')) throw unanswered(address, said.trim())
  const { data, errors } = JSON.parse(said) as { data?: Data; errors?: readonly { readonly message: string }[] }
  if (errors || !data) throw unanswered(address, errors?.[0]?.message ?? said)
  return data
}

function unanswered(address: string, why: string): SentinelError {
  return new SentinelError('SERVER_UNAVAILABLE', `The Sentinel at ${address} did not do it: ${why}`)
}
