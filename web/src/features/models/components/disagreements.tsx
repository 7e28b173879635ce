import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { timeText } from '../../../lib/times.ts'
import { type Disagreement, DisagreementsDocument } from '../api/models.ts'

type Side = 'candidate' | 'running'

/** Live frames in which a candidate saw something else than the model that ran: a person sees who is right. */
export function Disagreements({ model }: { readonly model: string }) {
  const { t } = useTranslation()
  const [side, setSide] = useState<Side>('candidate')
  const [{ data }] = useQuery({ query: DisagreementsDocument, variables: { id: model } })
  const frames = data?.model?.evaluation?.disagreements.edges.map(({ node }) => node) ?? []
  if (frames.length === 0) return null
  return (
    <Panel
      title={t('models.disagreements')}
      aside={
        <Segmented
          label={t('models.boxesOf')}
          value={side}
          options={[
            { value: 'running', label: t('models.running') },
            { value: 'candidate', label: t('models.candidate') },
          ]}
          onChange={setSide}
        />
      }
    >
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(18rem,100%),1fr))] gap-3">
        {frames.map((frame) => (
          <Frame key={frame.id} frame={frame} side={side} />
        ))}
      </ul>
    </Panel>
  )
}

function Frame({ frame, side }: { readonly frame: Disagreement; readonly side: Side }) {
  const { t, i18n } = useTranslation()
  const boxes = side === 'candidate' ? frame.candidateBoxes : frame.runningBoxes
  const counts = { candidate: frame.candidateBoxes.length, running: frame.runningBoxes.length }
  return (
    <li className="overflow-hidden rounded-md border border-line">
      <FramePicture
        url={frame.imageUrl}
        width={frame.width}
        height={frame.height}
        boxes={boxes}
        label={t('datasets.pictureOf', { camera: frame.camera.name, count: boxes.length })}
      />
      <p className="flex justify-between gap-3 px-2.5 py-1.5 text-xs">
        <span className="truncate">
          {frame.camera.name} <span className="text-muted">{timeText(frame.capturedAt, i18n.language, 'moment')}</span>
        </span>
        <span className="shrink-0 text-muted tabular-nums">{t('models.counts', counts)}</span>
      </p>
    </li>
  )
}
