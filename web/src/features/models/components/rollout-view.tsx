import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../../../components/ui/button.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { timeText } from '../../../lib/times.ts'
import type { NamedModel, Rollout } from '../api/rollouts.ts'
import { canGoBack, shareText } from '../rollout-words.ts'
import { RolloutList } from './rollout-list.tsx'

interface RolloutViewProps {
  readonly rollouts: readonly Rollout[]
  readonly onRollBack: () => void
}

/** What looks at the cameras now, and how it came to that: every commit with its story. */
export function RolloutView({ rollouts, onRollBack }: RolloutViewProps) {
  const { t } = useTranslation()
  const [newest] = rollouts
  if (!newest) return <Empty title={t('models.nothingRuns')}>{t('models.nothingRunsHelp')}</Empty>
  return (
    <div className="mx-auto flex max-w-5xl flex-col gap-4 p-4">
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-lg tracking-tight">{t('models.deployment')}</h2>
        <span className="ml-auto">
          <Button onClick={onRollBack} disabled={!canGoBack(rollouts)}>
            {t('models.rollback')}
          </Button>
        </span>
      </header>
      <Panel title={t('models.now')}>
        <Now newest={newest} />
      </Panel>
      <Panel title={t('models.history')}>
        <RolloutList rollouts={rollouts} newest={newest} />
      </Panel>
    </div>
  )
}

function Now({ newest: { model, canary, share, committedAt, by } }: { readonly newest: Rollout }) {
  const { t, i18n } = useTranslation()
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-2">
        <Running
          model={model}
          share={canary ? 1 - share : 1}
          chip={<Chip kind="good">{t('models.role.RUNNING')}</Chip>}
        />
        {canary && (
          <Running model={canary} share={share} chip={<Chip kind="live">{t('models.role.CANARY')}</Chip>} isCanary />
        )}
      </ul>
      <p className="text-muted text-xs">
        {t('models.since', { time: timeText(committedAt, i18n.language, 'dayAndClock'), by })}
      </p>
    </div>
  )
}

interface RunningProps {
  readonly model: NamedModel
  /** Of the cameras. */
  readonly share: number
  readonly chip: ReactNode
  readonly isCanary?: boolean
}

function Running({ model, share, chip, isCanary = false }: RunningProps) {
  const { t } = useTranslation()
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Link to={`?model=${model.id}`} className="font-medium underline decoration-line underline-offset-2">
          {model.name}
        </Link>
        {chip}
        <Digest of={model.id} />
        <span className="ml-auto text-muted tabular-nums">{t('models.ofCameras', { share: shareText(share) })}</span>
      </div>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-line/50">
        <span
          className={`block h-full rounded-full ${isCanary ? 'bg-warn' : 'bg-accent'}`}
          style={{ width: `${share * 100}%` }}
        />
      </span>
    </li>
  )
}
