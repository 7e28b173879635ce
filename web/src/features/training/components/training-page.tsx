import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useMutation } from 'urql'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { ListLink } from '../../../components/ui/list-link.tsx'
import { Notice } from '../../../components/ui/notice.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Split } from '../../../components/ui/split.tsx'
import { useKeys } from '../../../lib/keys.ts'
import { problemIn } from '../../../lib/message-of.ts'
import type { Refusal } from '../../../lib/refusal.ts'
import { wordsOf } from '../../../lib/said.ts'
import { timeText } from '../../../lib/times.ts'
import { CancelDocument, type Run, StartDocument } from '../api/training.ts'
import { isOpen, STATE_KINDS } from '../run-words.ts'
import { useRuns } from '../use-runs.ts'
import { RunView } from './run-view.tsx'

export function TrainingPage() {
  const { t } = useTranslation()
  const { answer, runs } = useRuns()
  const [search, setSearch] = useSearchParams()
  // One that was just started is listed a moment later.
  const [started, setStarted] = useState<string>()
  const { start, cancel, isStarting, problem } = useWork(answer.refresh, (id) => {
    setStarted(id)
    setSearch({ run: id })
  })
  const named = search.get('run')
  const chosen = runs?.find(({ id }) => id === named) ?? runs?.[0]
  useRunKeys(runs ?? [], chosen, (id) => setSearch({ run: id }, { replace: true }), start)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('nav.training')}>
        <Button kind="primary" onClick={start} disabled={isStarting}>
          <Icon name="curve" />
          {t('training.start')}
        </Button>
      </PageHead>
      {named && named !== started && chosen && chosen.id !== named && <Gone what="training" id={named} />}
      {problem && <Notice kind="bad">{problem}</Notice>}
      <Answer of={answer}>
        {() =>
          chosen ? (
            <Split label={t('training.runs')} list={<RunList runs={runs!} chosen={chosen} />}>
              <RunView key={chosen.id} run={chosen} onCancel={isOpen(chosen) ? () => cancel(chosen.id) : undefined} />
            </Split>
          ) : (
            <Empty title={t('training.none')}>{t('training.noneHelp')}</Empty>
          )
        }
      </Answer>
    </div>
  )
}

function RunList({ runs, chosen }: { readonly runs: readonly Run[]; readonly chosen: Run }) {
  const { t, i18n } = useTranslation()
  return (
    <ul>
      {runs.map((run) => (
        <ListLink
          key={run.id}
          to={`?run=${run.id}`}
          isChosen={run.id === chosen.id}
          title={wordsOf(run.reason, run.reasonSaid)}
          aside={<Chip kind={STATE_KINDS[run.state]}>{t(`training.state.${run.state}`)}</Chip>}
        >
          {timeText(run.requestedAt, i18n.language, 'moment')} · {run.requestedBy} ·{' '}
          {t('training.annotations', { count: run.annotations })}
        </ListLink>
      ))}
    </ul>
  )
}

/** Starting and cancelling, and why the server would not. */
function useWork(refresh: () => void, show: (id: string) => void) {
  const [{ fetching }, start] = useMutation(StartDocument)
  const [, cancel] = useMutation(CancelDocument)
  const [problem, setProblem] = useState('')
  const told = (errors: readonly Refusal[] | undefined, error: Error | undefined): void => {
    setProblem(problemIn(errors, error) ?? '')
    refresh()
  }
  return {
    isStarting: fetching,
    problem,
    start: async () => {
      const { data, error } = await start({})
      told(data?.startTraining.errors, error)
      if (data?.startTraining.run) show(data.startTraining.run.id)
    },
    cancel: async (id: string) => {
      const { data, error } = await cancel({ id })
      told(data?.cancelTraining.errors, error)
    },
  }
}

function useRunKeys(
  runs: readonly Run[],
  chosen: Run | undefined,
  show: (id: string) => void,
  start: () => void,
): void {
  const { t } = useTranslation()
  const go = (by: 1 | -1): void => {
    const run = runs[runs.findIndex(({ id }) => id === chosen?.id) + by]
    if (run) show(run.id)
  }
  useKeys(t('nav.training'), [
    { keys: 'j', label: t('training.next'), run: () => go(1) },
    { keys: 'k', label: t('training.previous'), run: () => go(-1) },
    { keys: 'n', label: t('training.start'), run: start },
  ])
}
