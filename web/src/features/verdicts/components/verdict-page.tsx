import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { VerdictDocument } from '../api/verdicts.ts'
import { VerdictView } from './verdict-view.tsx'

const REREAD_MS = 15_000

/** One verdict: what was shown, what a person made of it, and which models learnt from that. */
export function VerdictPage() {
  const { t } = useTranslation()
  const { id = '' } = useParams()
  const answer = useFreshQuery(VerdictDocument, { variables: { id }, everyMs: REREAD_MS })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('verdicts.one')}>
        <Link to="/verdicts" className="text-muted underline decoration-line underline-offset-2 hover:text-text">
          {t('verdicts.all')}
        </Link>
      </PageHead>
      <Answer of={answer}>
        {({ annotation }) =>
          annotation ? (
            <VerdictView verdict={annotation} />
          ) : (
            <Empty title={t('verdicts.unknown')}>{t('verdicts.unknownHelp')}</Empty>
          )
        }
      </Answer>
    </div>
  )
}
