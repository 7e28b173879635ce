import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { Button } from '../../../components/ui/button.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useEvery } from '../../../lib/use-every.ts'
import { WatchedCamerasDocument } from '../api/watched-cameras.ts'
import { LiveConnection } from '../live-connection.ts'
import { Tile } from './tile.tsx'

const PAGE = 60

export function LivePage() {
  const { t } = useTranslation()
  const [first, setFirst] = useState(PAGE)
  const [{ data, fetching }, refresh] = useQuery({ query: WatchedCamerasDocument, variables: { first } })
  useEvery(10_000, () => refresh({ requestPolicy: 'network-only' }))
  const connection = useLiveConnection()
  const [overlay, setOverlay] = useState({ boxes: true, labels: true })
  useEffect(() => connection?.overlay(overlay), [connection, overlay])
  const cameras = data?.cameras.edges.map(({ node }) => node) ?? []
  return (
    <>
      <PageHead title={t('live.title')}>
        <span className="text-muted">{t('live.count', { count: cameras.length })}</span>
        <Button
          kind="quiet"
          pressed={overlay.boxes}
          label={t('live.boxes')}
          onClick={() => setOverlay({ ...overlay, boxes: !overlay.boxes })}
        >
          <Icon name="boxes" />
        </Button>
        <Button
          kind="quiet"
          pressed={overlay.labels}
          label={t('live.labels')}
          onClick={() => setOverlay({ ...overlay, labels: !overlay.labels })}
        >
          <Icon name="tag" />
        </Button>
      </PageHead>
      {!fetching && cameras.length === 0 && (
        <Empty title={t('live.none')}>
          <p className="mb-3">{t('live.noneHelp')}</p>
          <Link to="/cameras" className="font-medium text-accent underline underline-offset-4">
            {t('live.add')}
          </Link>
        </Empty>
      )}
      {connection && (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,22rem),1fr))] gap-3 p-3">
          {cameras.map((camera) => (
            <Tile key={camera.id} camera={camera} connection={connection} />
          ))}
        </ul>
      )}
      {data?.cameras.pageInfo.hasNextPage && (
        <div className="p-4 text-center">
          <Button onClick={() => setFirst(first + PAGE)}>{t('live.more')}</Button>
        </div>
      )}
    </>
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
