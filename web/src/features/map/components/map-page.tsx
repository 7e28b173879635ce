import '../map.css'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../components/ui/empty.tsx'
import { Failure } from '../../../components/ui/failure.tsx'
import { Loading } from '../../../components/ui/loading.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useMapCameras } from '../use-map-cameras.ts'
import { MapView } from './map-view.tsx'

export function MapPage() {
  const { t } = useTranslation()
  const { cameras, failure, reload, put } = useMapCameras()
  const all = useMemo(() => [...(cameras?.values() ?? [])], [cameras])
  if (all.length > 0) return <MapView cameras={all} onPlaced={put} />
  return (
    <>
      <PageHead title={t('map.title')} />
      {cameras ? (
        <Empty title={t('live.none')}>{t('live.noneHelp')}</Empty>
      ) : failure ? (
        <Failure message={failure} onRetry={reload} />
      ) : (
        <Loading />
      )}
    </>
  )
}
