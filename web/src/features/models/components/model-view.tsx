import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Model, ModelDocument } from '../api/models.ts'
import { ComparisonTable } from './comparison-table.tsx'
import { Disagreements } from './disagreements.tsx'
import { GateList } from './gate-list.tsx'
import { ModelChip } from './model-chip.tsx'

/** Evaluations go on without an event for each step. */
const REREAD_MS = 5000

/** One model: what it was made of, whether it may run, and how it does beside the one that runs. */
export function ModelView({ id }: { readonly id: string }) {
  const answer = useFreshQuery(ModelDocument, { variables: { id }, everyMs: REREAD_MS })
  return <Answer of={answer}>{({ model }) => model && <View model={model} />}</Answer>
}

function View({ model }: { readonly model: Model }) {
  const { t } = useTranslation()
  const { evaluation } = model
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4">
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-lg tracking-tight">{model.name}</h2>
        <ModelChip model={model} />
      </header>
      <div className="grid gap-4 xl:grid-cols-2">
        <Panel title={t('models.about')}>
          <About model={model} />
        </Panel>
        <Panel title={t('models.gates')}>
          {evaluation ? <GateList evaluation={evaluation} /> : <p className="text-muted">{t('models.notEvaluated')}</p>}
        </Panel>
      </div>
      {evaluation && evaluation.comparisons.length > 0 && <ComparisonTable comparisons={evaluation.comparisons} />}
      {evaluation && <Disagreements model={model.id} />}
    </div>
  )
}

function About({ model: { id, family, classes, registeredAt, lineage } }: { readonly model: Model }) {
  const { t, i18n } = useTranslation()
  const link = (to: string, digest: string) => (
    <Link to={to} className="underline decoration-line underline-offset-2">
      <Digest of={digest} />
    </Link>
  )
  return (
    <Facts
      facts={[
        [t('models.digest'), <Digest key="digest" of={id} />],
        [t('models.family'), family ?? '–'],
        [
          t('models.classes'),
          classes.length > 8 ? t('models.classCount', { count: classes.length }) : classes.join(', '),
        ],
        [t('models.registered'), registeredAt ? timeText(registeredAt, i18n.language, 'dayAndClock') : '–'],
        ...(lineage
          ? ([
              [t('models.parent'), link(`/models?model=${lineage.parent.id}`, lineage.parent.id)],
              [t('models.dataset'), link(`/datasets?dataset=${lineage.dataset}`, lineage.dataset)],
              [t('models.run'), link(`/training?run=${lineage.trainingRunId}`, lineage.trainingRunId)],
              [t('models.trainedIn'), t('models.seconds', { count: Math.round(lineage.seconds) })],
              [t('models.machine'), lineage.machine],
              [
                t('models.teachers'),
                lineage.teachers.map((each) => `${each.id} (${each.annotations})`).join(', ') || '–',
              ],
            ] as const)
          : ([[t('models.origin'), t('models.brought')]] as const)),
      ]}
    />
  )
}
