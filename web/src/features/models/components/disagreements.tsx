import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Better, type Disagreement, DisagreementsDocument } from '../api/models.ts'
import { DisagreementCard } from './disagreement-card.tsx'

/** Frames in sight at first: each is two pictures. */
const FEW = 4
/** A shadow run adds some as it goes. */
const REREAD_MS = 15_000

/** Live frames in which a candidate saw something else than the model that ran, side by side: a person says who is right. */
export function Disagreements({ model }: { readonly model: string }) {
  const { t } = useTranslation()
  const [isAll, setIsAll] = useState(false)
  const { data } = useFreshQuery(DisagreementsDocument, { variables: { id: model }, everyMs: REREAD_MS })
  const frames = data?.model?.evaluation?.disagreements.edges.map(({ node }) => node) ?? []
  if (frames.length === 0) return null
  return (
    <Panel
      title={t('models.disagreements')}
      aside={
        !isAll &&
        frames.length > FEW && (
          <Button kind="quiet" onClick={() => setIsAll(true)}>
            {t('models.showAll', { count: frames.length })}
          </Button>
        )
      }
    >
      <p className="mb-3 flex flex-wrap justify-between gap-x-4 gap-y-1 text-muted text-xs">
        <span>{t('models.disagreementsHelp')}</span>
        <Tally frames={frames} />
      </p>
      <ul className="grid gap-4 min-[2200px]:grid-cols-2">
        {frames.slice(0, isAll ? undefined : FEW).map((frame) => (
          <DisagreementCard key={frame.id} frame={frame} />
        ))}
      </ul>
    </Panel>
  )
}

/** How often people found each right, of what is listed. */
function Tally({ frames }: { readonly frames: readonly Disagreement[] }) {
  const { t } = useTranslation()
  const count = (better: Better): number => frames.filter((frame) => frame.better === better).length
  const [candidate, running, neither] = [count('CANDIDATE'), count('RUNNING'), count('NEITHER')]
  if (candidate + running + neither === 0) return null
  return (
    <strong className="font-medium text-text tabular-nums">{t('models.tally', { candidate, running, neither })}</strong>
  )
}
