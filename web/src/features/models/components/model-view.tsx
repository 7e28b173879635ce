import { useTranslation } from 'react-i18next'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { useKeys } from '../../../lib/keys.ts'
import { wordsOf } from '../../../lib/said.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Model, ModelDocument } from '../api/models.ts'
import type { Rollout } from '../api/rollouts.ts'
import { canGoBack } from '../rollout-words.ts'
import { About } from './about.tsx'
import { ComparisonTable } from './comparison-table.tsx'
import { Disagreements } from './disagreements.tsx'
import { GateList } from './gate-list.tsx'
import { LineagePanel } from './lineage-panel.tsx'
import { ModelChip } from './model-chip.tsx'
import { RolloutList } from './rollout-list.tsx'

/** Evaluations go on without an event for each step. */
const REREAD_MS = 5000

interface ModelViewProps {
  readonly id: string
  /** All of them, the newest first. */
  readonly rollouts: readonly Rollout[]
  readonly onPromote: (model: Model) => void
  readonly onRollBack: () => void
}

/** One model: what it was made of, whether it may run, how it does beside the one that runs, and where it ran. */
export function ModelView({ id, ...rest }: ModelViewProps) {
  const answer = useFreshQuery(ModelDocument, { variables: { id }, everyMs: REREAD_MS })
  return <Answer of={answer}>{({ model }) => model && <View model={model} {...rest} />}</Answer>
}

type ViewProps = Omit<ModelViewProps, 'id'> & { readonly model: Model }

function View({ model, rollouts, ...actions }: ViewProps) {
  const { t } = useTranslation()
  const { evaluation } = model
  const own = rollouts.filter((rollout) => isAbout(rollout, model.id))
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4 min-[2200px]:max-w-[100rem]">
      <Head model={model} rollouts={rollouts} {...actions} />
      {model.role && evaluation?.state === 'FAILED' && canGoBack(rollouts) && (
        <p role="status" className="wrap-anywhere rounded-md bg-bad-soft px-3 py-2 text-bad">
          {t('models.rollbackAdvised', {
            reason: wordsOf(evaluation.reason ?? '', evaluation.reasonSaid),
            before: evaluation.running.name,
          })}
        </p>
      )}
      <div className="grid gap-4 xl:grid-cols-2">
        <Panel title={t('models.about')}>
          <About model={model} />
        </Panel>
        <Panel title={t('models.gates')}>
          {evaluation ? <GateList evaluation={evaluation} /> : <p className="text-muted">{t('models.notEvaluated')}</p>}
        </Panel>
      </div>
      {model.lineage && <LineagePanel id={model.id} />}
      {evaluation && evaluation.comparisons.length > 0 && <ComparisonTable comparisons={evaluation.comparisons} />}
      {evaluation && <Disagreements model={model.id} />}
      {own.length > 0 && (
        <Panel title={t('models.ownHistory')}>
          <RolloutList rollouts={own} newest={rollouts[0]} />
        </Panel>
      )}
    </div>
  )
}

function isAbout({ subject, model, canary }: Rollout, id: string): boolean {
  return [subject.id, model.id, canary?.id].includes(id)
}

function Head({ model, rollouts, onPromote, onRollBack }: ViewProps) {
  const { t } = useTranslation()
  const { role, evaluation } = model
  const promote = role === 'RUNNING' ? undefined : () => onPromote(model)
  useKeys(model.name, promote ? [{ keys: 'p', label: t('models.promote'), run: promote }] : [])
  return (
    <header className="flex flex-wrap items-center gap-3">
      <h2 className="font-semibold text-lg tracking-tight">{model.name}</h2>
      <ModelChip model={model} share={rollouts[0]?.share} />
      {role && <ModelChip model={{ ...model, role: null }} />}
      <span className="ml-auto flex gap-2">
        {role && canGoBack(rollouts) && <Button onClick={onRollBack}>{t('models.rollback')}</Button>}
        {promote && (
          <Button kind={evaluation?.state === 'PASSED' ? 'primary' : 'plain'} onClick={promote}>
            {t(role === 'CANARY' ? 'models.promoteAll' : 'models.promote')}
          </Button>
        )}
      </span>
    </header>
  )
}
