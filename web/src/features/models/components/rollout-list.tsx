import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Chip } from '../../../components/ui/chip.tsx'
import { wordsOf } from '../../../lib/said.ts'
import { timeText } from '../../../lib/times.ts'
import type { NamedModel, Rollout } from '../api/rollouts.ts'
import { ROLLOUT_KINDS, shareText, stateOf, wayOf } from '../rollout-words.ts'

const DOTS = {
  START: 'bg-muted',
  CANARY: 'bg-warn',
  PROMOTE: 'bg-accent',
  ROLLBACK: 'bg-bad',
  CHANGE: 'bg-muted',
} as const satisfies Record<Rollout['kind'], string>

interface RolloutListProps {
  readonly rollouts: readonly Rollout[]
  /** The last commit of all, which is what is to run. */
  readonly newest: Rollout | undefined
}

/** Commits of the deployment's repository, one below the other: which way each leads, who wanted that, when and why. */
export function RolloutList({ rollouts, newest }: RolloutListProps) {
  return (
    <ol className="flex flex-col">
      {rollouts.map((rollout, i) => (
        <li key={rollout.id} className="relative flex gap-3 pb-4 last:pb-0">
          {i < rollouts.length - 1 && (
            <span aria-hidden="true" className="absolute top-4 bottom-[-0.25rem] left-[5px] w-px bg-line" />
          )}
          <span aria-hidden="true" className={`mt-1.5 size-[11px] shrink-0 rounded-full ${DOTS[rollout.kind]}`} />
          <Commit rollout={rollout} newest={newest} />
        </li>
      ))}
    </ol>
  )
}

function Commit({ rollout, newest }: { readonly rollout: Rollout; readonly newest: Rollout | undefined }) {
  const { t, i18n } = useTranslation()
  const { kind, commit, reason, reasonSaid, by, committedAt, failure, failureSaid, share } = rollout
  const state = stateOf(rollout, newest)
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-0.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-medium">
          {t(`models.kind.${kind}`)}
          {kind === 'CANARY' && ` · ${shareText(share)}`}
        </span>
        <Way rollout={rollout} />
        {state !== 'PAST' && <Chip kind={ROLLOUT_KINDS[state]}>{t(`models.rollout.${state}`)}</Chip>}
      </div>
      <p className="wrap-anywhere">{wordsOf(reason, reasonSaid)}</p>
      <p className="text-muted text-xs tabular-nums">
        {timeText(committedAt, i18n.language, 'dayAndClock')} · {by} ·{' '}
        <code title={commit} className="font-mono">
          {commit.slice(0, 8)}
        </code>
      </p>
      {failure && (
        <p
          role={state === 'FAILED' ? 'alert' : undefined}
          className="wrap-anywhere rounded-md bg-bad-soft px-3 py-2 text-bad"
        >
          {wordsOf(failure, failureSaid)}
        </p>
      )}
    </div>
  )
}

function Way({ rollout }: { readonly rollout: Rollout }) {
  const { t } = useTranslation()
  const { from, to } = wayOf(rollout)
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1.5">
      {from && (
        <>
          <ModelLink model={from} />
          <span role="img" aria-label={t('models.to')} className="text-muted">
            →
          </span>
        </>
      )}
      <ModelLink model={to} />
    </span>
  )
}

function ModelLink({ model: { id, name } }: { readonly model: NamedModel }) {
  return (
    <Link to={`?model=${id}`} title={id} className="truncate underline decoration-line underline-offset-2">
      {name}
    </Link>
  )
}
