import { useCallback, useEffect, useState } from 'react'
import { type Client, type OperationResult, useClient, useSubscription } from 'urql'
import { onRecover } from '../../lib/connection.ts'
import { type MapCamera, MapCameraChangedDocument, MapCamerasDocument } from './api/map-cameras.ts'

interface Page {
  readonly cameras: {
    readonly edges: readonly { readonly node: MapCamera }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  }
}
type Cameras = ReadonlyMap<string, MapCamera>

interface MapCameras {
  /** Undefined until they have come. */
  readonly cameras: Cameras | undefined
  readonly failure: string | undefined
  reload(): void
  /** What is known to be so before the server tells it again. */
  put(camera: MapCamera): void
}

/** All cameras, kept up to date: thousands come in pages, changes one by one. */
export function useMapCameras(): MapCameras {
  const client = useClient()
  const [cameras, setCameras] = useState<Cameras>()
  const [failure, setFailure] = useState<string>()
  const reload = useCallback(() => {
    allCameras(client).then(
      (all) => {
        setCameras(all)
        setFailure(undefined)
      },
      (error: Error) => setFailure(error.message),
    )
  }, [client])
  useEffect(() => {
    reload()
    return onRecover(reload)
  }, [reload])
  const put = useCallback((camera: MapCamera) => setCameras((all) => all && withCamera(all, camera)), [])
  useSubscription({ query: MapCameraChangedDocument }, (_, told) => {
    put(told.cameraChanged)
    return told
  })
  return { cameras, failure, reload, put }
}

function withCamera(all: Cameras, camera: MapCamera): Cameras {
  const next = new Map(all)
  if (camera.stateReason === 'removed') next.delete(camera.id)
  else next.set(camera.id, camera)
  return next
}

async function allCameras(client: Client): Promise<Cameras> {
  const all = new Map<string, MapCamera>()
  for (let after: string | null = null, isMore = true; isMore; ) {
    const answer: OperationResult<Page> = await client
      .query<Page>(MapCamerasDocument, { after }, { requestPolicy: 'network-only' })
      .toPromise()
    if (!answer.data) throw answer.error ?? new Error('The server did not answer')
    const { edges, pageInfo } = answer.data.cameras
    for (const { node } of edges) all.set(node.id, node)
    after = pageInfo.endCursor
    isMore = pageInfo.hasNextPage
  }
  return all
}
