import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { Button } from '../../../components/ui/button.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Select } from '../../../components/ui/select.tsx'
import { CameraNamesDocument } from '../api/events.ts'
import { typeKey } from '../type-key.ts'
import { useEvents } from '../use-events.ts'
import { EventRow } from './event-row.tsx'

const TYPES = [
  'sentinel.track.appeared.v1',
  'sentinel.camera.online.v1',
  'sentinel.camera.offline.v1',
  'sentinel.camera.changed.v1',
  'sentinel.review.requested.v1',
  'sentinel.review.resolved.v1',
] as const

export function EventsPage() {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const type = search.get('type')
  const camera = search.get('camera')
  const { events, isLoaded, hasOlder, isFull, loadOlder } = useEvents({
    ...(type && { types: [type] }),
    ...(camera && { cameraIds: [camera] }),
  })
  const [{ data }] = useQuery({ query: CameraNamesDocument })
  const choose = (name: string, value: string) => {
    const next = new URLSearchParams(search)
    if (value) next.set(name, value)
    else next.delete(name)
    setSearch(next, { replace: true })
  }
  const cameras = data?.cameras.edges.map(({ node }) => ({ value: node.id, label: node.name })) ?? []
  // Also while the names are on their way, and of a camera that was removed: the filter says what it does.
  if (camera && !cameras.some(({ value }) => value === camera)) cameras.unshift({ value: camera, label: camera })
  return (
    <>
      <PageHead title={t('events.title')}>
        <Select
          label={t('events.filterType')}
          value={type ?? ''}
          onChange={(value) => choose('type', value)}
          options={[
            { value: '', label: t('events.allTypes') },
            ...TYPES.map((value) => ({ value, label: t(typeKey(value)) })),
          ]}
        />
        <Select
          label={t('events.filterCamera')}
          value={camera ?? ''}
          onChange={(value) => choose('camera', value)}
          options={[{ value: '', label: t('events.allCameras') }, ...cameras]}
        />
      </PageHead>
      {isLoaded && events.length === 0 && <Empty title={t('events.none')}>{t('events.noneHelp')}</Empty>}
      {events.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full text-left">
            <thead className="text-muted text-xs">
              <tr className="border-line border-b">
                <th className="px-4 py-2 font-medium">{t('events.time')}</th>
                <th className="px-4 py-2 font-medium">{t('events.what')}</th>
                <th className="px-4 py-2 font-medium">{t('events.camera')}</th>
                <th className="px-4 py-2 font-medium">{t('events.detail')}</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <EventRow key={event.id} event={event} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isFull && <p className="p-4 text-center text-muted">{t('events.full', { count: events.length })}</p>}
      {hasOlder && (
        <div className="p-4 text-center">
          <Button onClick={() => void loadOlder()}>{t('events.older')}</Button>
        </div>
      )}
    </>
  )
}
