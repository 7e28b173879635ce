import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { ListLink } from '../../../components/ui/list-link.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Split } from '../../../components/ui/split.tsx'
import { useKeys } from '../../../lib/keys.ts'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Dispute, DisputesDocument } from '../api/disputes.ts'
import { DisputeView } from './dispute-view.tsx'

const REREAD_MS = 15_000

/** What people do not agree on: a third one decides. */
export function DisputesPage() {
  const { t } = useTranslation()
  const answer = useFreshQuery(DisputesDocument, { everyMs: REREAD_MS })
  const [search, setSearch] = useSearchParams()
  const disputes = answer.data?.disputedItems.edges.map(({ node }) => node) ?? []
  const named = search.get('item')
  const chosen = disputes.find(({ id }) => id === named) ?? disputes[0]
  const go = (by: 1 | -1): void => {
    const next = chosen && disputes[disputes.indexOf(chosen) + by]
    if (next) setSearch({ item: next.id }, { replace: true })
  }
  const decided = (): void => {
    setSearch({}, { replace: true })
    answer.refresh()
  }
  useKeys(t('triage.disputes'), [
    { keys: 'j', label: t('triage.nextDispute'), run: () => go(1) },
    { keys: 'k', label: t('triage.previousDispute'), run: () => go(-1) },
  ])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('triage.disputes')}>
        <Link to="/triage" className="text-muted underline decoration-line underline-offset-2 hover:text-text">
          {t('triage.backToQueue')}
        </Link>
      </PageHead>
      {named && chosen && chosen.id !== named && <Gone what="dispute" id={named} />}
      <Answer of={answer}>
        {() =>
          chosen ? (
            <Split label={t('triage.disputes')} list={<DisputeList disputes={disputes} chosen={chosen} />}>
              <DisputeView key={chosen.id} dispute={chosen} onDecided={decided} />
            </Split>
          ) : (
            <Empty title={t('triage.noDispute')}>{t('triage.noDisputeHelp')}</Empty>
          )
        }
      </Answer>
    </div>
  )
}

function DisputeList({ disputes, chosen }: { readonly disputes: readonly Dispute[]; readonly chosen: Dispute }) {
  const { t, i18n } = useTranslation()
  return (
    <ul>
      {disputes.map(({ id, camera, capturedAt, annotations }) => (
        <ListLink
          key={id}
          to={`?item=${id}`}
          isChosen={id === chosen.id}
          title={camera.name}
          aside={<span className="text-muted text-xs">{t('triage.opinions', { count: annotations.length })}</span>}
        >
          {timeText(capturedAt, i18n.language, 'moment')}
        </ListLink>
      ))}
    </ul>
  )
}
