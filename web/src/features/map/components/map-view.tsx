import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Notice } from '../../../components/ui/notice.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import type { MapCamera } from '../api/map-cameras.ts'
import { CameraFeatures } from '../camera-features.ts'
import { boundsOf, isPlaced, type PlacedCamera } from '../features.ts'
import { useMapView } from '../use-map-view.ts'
import { usePlacing } from '../use-placing.ts'
import { useSeen } from '../use-seen.ts'
import { CameraCard } from './camera-card.tsx'
import { CameraList } from './camera-list.tsx'
import { CameraSearch } from './camera-search.tsx'
import { UnplacedList } from './unplaced-list.tsx'

interface MapViewProps {
  readonly cameras: readonly MapCamera[]
  readonly onPlaced: (camera: MapCamera) => void
}

export function MapView({ cameras, onPlaced }: MapViewProps) {
  const { t } = useTranslation()
  const container = useRef<HTMLDivElement>(null)
  const [isMoving, setMoving] = useState(false)
  const [placed, setPlaced] = useState<string>()
  const { place, problem } = usePlacing((camera) => {
    setPlaced(undefined)
    onPlaced(camera)
  })
  const { map, hasFailed, hovered, visible, problem: groundProblem, fit } = useMapView(container, cameras, place)
  const seen = useSeen(visible)
  const [made] = useState(() => new CameraFeatures())
  const features = useMemo(() => made.of(cameras, seen), [made, cameras, seen])
  useEffect(() => map?.show(features), [map, features])
  useEffect(() => map?.setMovable(isMoving), [map, isMoving])
  useEffect(() => map?.setPlaced(placed), [map, placed])
  const byId = useMemo(() => new Map(cameras.map((camera) => [camera.id, camera])), [cameras])
  const unplaced = useMemo(() => cameras.filter((camera) => !isPlaced(camera)), [cameras])
  const listed = useMemo(
    () => (hasFailed ? cameras : visible.flatMap((id) => byId.get(id) ?? [])),
    [hasFailed, cameras, visible, byId],
  )
  const point = useCallback((id: string | undefined) => map?.select(id), [map])
  const goTo = (camera: PlacedCamera): void => {
    map?.flyTo(camera)
    map?.select(camera.id)
  }
  return (
    <>
      <PageHead title={t('map.title')}>
        <CameraSearch cameras={cameras} onChoose={goTo} />
        <Button onClick={() => fit(boundsOf(cameras))}>{t('map.showAll')}</Button>
        <Button pressed={isMoving} onClick={() => setMoving(!isMoving)}>
          {t('map.move')}
        </Button>
      </PageHead>
      {problem && <Notice kind="bad">{problem}</Notice>}
      {groundProblem && <Notice kind="bad">{groundProblem}</Notice>}
      {isMoving && <Notice>{t('map.moveHelp')}</Notice>}
      {placed && <Notice>{t('map.placeHelp', { name: byId.get(placed)?.name ?? placed })}</Notice>}
      <div className="flex min-h-0 flex-1 max-lg:flex-col">
        <div className="relative min-h-80 min-w-0 flex-1">
          {hasFailed && <Empty title={t('map.noWebGl')}>{t('map.noWebGlHelp')}</Empty>}
          <div ref={container} hidden={hasFailed} className="absolute! inset-0" />
          {hovered && <CameraCard hovered={hovered} camera={byId.get(hovered.id)} seen={seen.get(hovered.id)} />}
        </div>
        <aside className="flex shrink-0 flex-col border-line bg-surface max-lg:max-h-[30dvh] max-lg:border-t lg:w-72 lg:border-l">
          <UnplacedList cameras={unplaced} placed={placed} onChoose={setPlaced} />
          <CameraList visible={listed} seen={seen} onPoint={point} />
        </aside>
      </div>
    </>
  )
}
