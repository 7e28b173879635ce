import { useCallback, useEffect, useRef, useState } from 'react'
import { type Client, type OperationResult, useClient } from 'urql'
import { onRecover } from '../../lib/connection.ts'
import { messageOf } from '../../lib/message-of.ts'
import { useEvery } from '../../lib/use-every.ts'
import { type MapCamera, MapCameraChangedDocument, MapCamerasDocument } from './api/map-cameras.ts'

/** Each change draws thousands of cameras anew: those of so long are shown at once. */
const SHOW_EVERY_MS = 1000

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
  const news = useRef(new Map<string, MapCamera>())
  const reload = useCallback(() => {
    // What is asked for from here on is newer.
    news.current.clear()
    allCameras(client).then(
      (all) => {
        setCameras(all)
        setFailure(undefined)
      },
      (error: Error) => setFailure(messageOf(error)),
    )
  }, [client])
  useEffect(() => {
    reload()
    return onRecover(reload)
  }, [reload])
  const put = useCallback((camera: MapCamera) => setCameras((all) => all && withNews(all, [camera])), [])
  useEffect(() => {
    const told = client.subscription(MapCameraChangedDocument, {})
    return told.subscribe(({ data }) => {
      if (data) news.current.set(data.cameraChanged.id, data.cameraChanged)
    }).unsubscribe
  }, [client])
  useEvery(SHOW_EVERY_MS, () => {
    if (news.current.size === 0) return
    const changed = [...news.current.values()]
    news.current.clear()
    setCameras((all) => all && withNews(all, changed))
  })
  return { cameras, failure, reload, put }
}

function withNews(all: Cameras, changed: readonly MapCamera[]): Cameras {
  const next = new Map(all)
  for (const camera of changed) {
    if (camera.stateReason === 'removed') next.delete(camera.id)
    else next.set(camera.id, camera)
  }
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
