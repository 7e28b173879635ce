import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { useQuery, useSubscription } from 'urql'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import {
  type WatchedCamera,
  WatchedCameraChangedDocument,
  WatchedCameraDocument,
  WatchedCamerasDocument,
} from '../api/watched-cameras.ts'
import type { Zone } from '../api/zones.ts'
import { LiveConnection } from '../live-connection.ts'
import { inOrder } from '../order.ts'
import { useArrangement } from '../preferences.ts'
import { useLiveKeys } from '../use-live-keys.ts'
import { useWall } from '../use-wall.ts'
import type { Zone as DrawnZone } from '../worker/protocol.ts'
import { FocusView } from './focus-view.tsx'
import { Grid } from './grid.tsx'
import { Toolbar } from './toolbar.tsx'

const PAGE = 60

export function LivePage() {
  const { t } = useTranslation()
  const [first, setFirst] = useState(PAGE)
  const answer = useFreshQuery(WatchedCamerasDocument, { variables: { first }, everyMs: 10_000 })
  useSubscription({ query: WatchedCameraChangedDocument })
  const [arrangement, arrange] = useArrangement()
  const wall = useWall()
  const [search, setSearch] = useSearchParams()
  const connection = useLiveConnection()
  const { overlay, order } = arrangement
  useEffect(() => connection?.overlay(overlay), [connection, overlay])
  useZones(connection, answer.data?.cameras.edges)
  useLiveKeys({ arrangement, arrange, toggleWall: wall.toggle })
  const cameras = inOrder(answer.data?.cameras.edges.map(({ node }) => node) ?? [], order)
  const { focused, lost } = useFocused(cameras, answer.data !== undefined, search.get('focus'))
  const focus = (camera: WatchedCamera | undefined) => setSearch(camera ? { focus: camera.id } : {})
  return (
    <>
      {!wall.isOn && (
        <PageHead title={t('live.title')}>
          <Toolbar
            arrangement={arrangement}
            arrange={arrange}
            count={focused ? undefined : cameras.length}
            onWall={wall.toggle}
          />
        </PageHead>
      )}
      {lost && <Gone what="camera" id={lost} />}
      <Answer of={answer}>
        {({ cameras: { pageInfo } }) => (
          <>
            {cameras.length === 0 && <NoCameras />}
            {connection && focused && (
              <FocusView
                key={focused.id}
                camera={focused}
                cameras={cameras}
                connection={connection}
                overlay={overlay}
                onFocus={focus}
                onZones={answer.refresh}
              />
            )}
            {connection && !focused && (
              <Grid
                cameras={cameras}
                connection={connection}
                arrangement={arrangement}
                arrange={arrange}
                isWall={wall.isOn}
              />
            )}
            {!focused && pageInfo.hasNextPage && (
              <div className="p-4 text-center">
                <Button onClick={() => setFirst(first + PAGE)}>{t('live.more')}</Button>
              </div>
            )}
          </>
        )}
      </Answer>
    </>
  )
}

/** The camera that the address names, also where it is not listed yet; `lost` is its id where none that is switched on has it. */
function useFocused(cameras: readonly WatchedCamera[], isListed: boolean, id: string | null) {
  const listed = cameras.find((camera) => camera.id === id)
  const [{ data, fetching }] = useQuery({
    query: WatchedCameraDocument,
    variables: { id: id ?? '' },
    pause: id === null || !isListed || listed !== undefined,
  })
  const found = id !== null && data?.camera?.id === id && data.camera.enabled ? data.camera : undefined
  const focused = listed ?? found
  return { focused, lost: id !== null && data && !fetching && !focused ? id : undefined }
}

function useZones(
  connection: LiveConnection | undefined,
  cameras: readonly { readonly node: WatchedCamera }[] | undefined,
): void {
  useEffect(() => {
    connection?.zones(Object.fromEntries(cameras?.map(({ node: { id, zones } }) => [id, zones.map(drawn)]) ?? []))
  }, [connection, cameras])
}

function drawn({ name, kind, points }: Zone): DrawnZone {
  return { name, kind, points: points.map(({ x, y }) => [x, y]) }
}

function NoCameras() {
  const { t } = useTranslation()
  return (
    <Empty title={t('live.none')}>
      <p className="mb-3">{t('live.noneHelp')}</p>
      <Link to="/cameras" className="font-medium text-accent underline underline-offset-4">
        {t('live.add')}
      </Link>
    </Empty>
  )
}

function useLiveConnection(): LiveConnection | undefined {
  const [connection, setConnection] = useState<LiveConnection>()
  useEffect(() => {
    const opened = new LiveConnection()
    setConnection(opened)
    return () => opened.close()
  }, [])
  return connection
}
