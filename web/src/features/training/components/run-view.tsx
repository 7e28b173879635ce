import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../../../components/ui/button.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { numberText } from '../../../lib/numbers.ts'
import { wordsOf } from '../../../lib/said.ts'
import { timeText } from '../../../lib/times.ts'
import { useEvery } from '../../../lib/use-every.ts'
import type { Run } from '../api/training.ts'
import { durationText, isOpen, STATE_KINDS, shareDone, tookMs } from '../run-words.ts'
import { Curves } from './curves.tsx'

interface RunViewProps {
  readonly run: Run
  /** Undefined for one that has ended. */
  readonly onCancel: (() => void) | undefined
}

/** One training: how far it is, how it went, what went in and what came out. */
export function RunView({ run, onCancel }: RunViewProps) {
  const { t } = useTranslation()
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4 min-[2200px]:max-w-[100rem]">
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-lg tracking-tight">{wordsOf(run.reason, run.reasonSaid)}</h2>
        <Chip kind={STATE_KINDS[run.state]}>{t(`training.state.${run.state}`)}</Chip>
        {onCancel && (
          <span className="ml-auto">
            <Button onClick={onCancel} disabled={run.isBeingCancelled}>
              {t(run.isBeingCancelled ? 'training.cancelling' : 'training.cancel')}
            </Button>
          </span>
        )}
      </header>
      {run.failure && (
        <p role="alert" className="wrap-anywhere rounded-lg bg-bad-soft px-4 py-3 text-bad">
          {wordsOf(run.failure, run.failureSaid)}
        </p>
      )}
      {isOpen(run) && <ProgressBar run={run} />}
      <div className="grid items-start gap-4 xl:grid-cols-[2fr_1fr]">
        <Curves curve={run.curve} />
        <div className="flex flex-col gap-4">
          <Panel title={t('training.made')}>
            <Origin run={run} />
          </Panel>
          {run.metrics && (
            <Panel title={t('training.brought')}>
              <Metrics metrics={run.metrics} />
            </Panel>
          )}
        </div>
      </div>
    </div>
  )
}

function ProgressBar({ run: { progress, isTakenAlong } }: { readonly run: Run }) {
  const { t } = useTranslation()
  const share = shareDone(progress)
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex justify-between text-xs">
        <span>
          {progress
            ? t(`training.stage.${progress.stage}`)
            : t(isTakenAlong ? 'training.takenAlong' : 'training.waits')}
        </span>
        <span className="text-muted tabular-nums">{progress && `${progress.done} / ${progress.total}`}</span>
      </div>
      <progress value={share ?? 0} max={1} aria-label={t('training.progress')} className="h-2 w-full accent-accent" />
    </div>
  )
}

function Origin({ run }: { readonly run: Run }) {
  const { t, i18n } = useTranslation()
  const [now, setNow] = useState(() => Date.now())
  useEvery(isOpen(run) ? 1000 : Number.POSITIVE_INFINITY, () => setNow(Date.now()))
  const took = tookMs(run, now)
  const link = (to: string, digest: string) => (
    <Link to={to} className="underline decoration-line underline-offset-2">
      <Digest of={digest} />
    </Link>
  )
  return (
    <Facts
      facts={[
        [t('training.requested'), timeText(run.requestedAt, i18n.language, 'dayAndClock')],
        [t('training.by'), run.requestedBy],
        [t('training.took'), took === undefined ? '–' : durationText(took)],
        [t('training.dataset'), link(`/datasets?dataset=${run.dataset}`, run.dataset)],
        [t('training.parent'), link(`/models?model=${run.parent.id}`, run.parent.id)],
        [t('training.model'), run.model ? link(`/models?model=${run.model.id}`, run.model.id) : '–'],
      ]}
    />
  )
}

function Metrics({ metrics }: { readonly metrics: NonNullable<Run['metrics']> }) {
  const { t } = useTranslation()
  const change = (before: number | null, after: number | null): string =>
    before === null || after === null ? '–' : `${numberText(before, 2)} → ${numberText(after, 2)}`
  return (
    <Facts
      facts={[
        [t('training.pictures'), numberText(metrics.pictures)],
        [t('training.boxes'), numberText(metrics.boxes)],
        [t('training.rehearsed'), numberText(metrics.rehearsed)],
        [t('training.steps'), numberText(metrics.steps)],
        [t('training.lossLearnt'), change(metrics.lossBefore, metrics.lossAfter)],
        [t('training.lossKept'), change(metrics.valLossBefore, metrics.valLossAfter)],
      ]}
    />
  )
}
