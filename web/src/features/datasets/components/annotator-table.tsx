import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { FigureTable } from '../../../components/ui/figure-table.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Annotator, AnnotatorsDocument } from '../api/datasets.ts'

const REREAD_MS = 15_000

/** Who has judged how much, how often others agreed, and how near each came to what is known. */
export function AnnotatorTable() {
  const { t } = useTranslation()
  const answer = useFreshQuery(AnnotatorsDocument, { everyMs: REREAD_MS })
  return (
    <Panel title={t('datasets.people')}>
      <Answer of={answer}>
        {({ annotators }) =>
          annotators.length === 0 ? <p className="text-muted">{t('datasets.nobody')}</p> : <Scores rows={annotators} />
        }
      </Answer>
    </Panel>
  )
}

function Scores({ rows }: { readonly rows: readonly Annotator[] }) {
  const { t } = useTranslation()
  return (
    <FigureTable
      rows={rows}
      keyOf={({ id }) => id}
      columns={[
        { name: t('datasets.person'), of: ({ id }) => <Person id={id} /> },
        { name: t('datasets.score.annotations'), of: ({ annotations }) => annotations },
        {
          name: t('datasets.score.agreed'),
          of: ({ agreed, shared }) => (shared > 0 ? `${agreed} / ${shared}` : '–'),
        },
        { name: t('datasets.score.gold'), of: ({ gold }) => gold },
        { name: t('datasets.score.precision'), of: ({ precision }) => percent(precision) },
        { name: t('datasets.score.recall'), of: ({ recall }) => percent(recall) },
      ]}
    />
  )
}

/** Leads to what this one said. */
function Person({ id }: { readonly id: string }) {
  return (
    <Link to={`/verdicts?by=${encodeURIComponent(id)}`} className="underline decoration-line underline-offset-2">
      {id}
    </Link>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}
