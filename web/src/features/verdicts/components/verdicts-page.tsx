import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Answer } from '../../../components/ui/answer.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type ListedVerdict, VerdictsDocument } from '../api/verdicts.ts'

const REREAD_MS = 15_000
const A_PAGE = 24
/** More are not asked for at once. */
const MOST = 96

/** What people said, the newest first; of one of them when the address says whom. */
export function VerdictsPage() {
  const { t } = useTranslation()
  const [search] = useSearchParams()
  const annotator = search.get('by')
  const [first, setFirst] = useState(A_PAGE)
  const answer = useFreshQuery(VerdictsDocument, { variables: { annotator, first }, everyMs: REREAD_MS })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={annotator === null ? t('verdicts.all') : t('verdicts.of', { annotator })}>
        {annotator !== null && (
          <Link to="/verdicts" className="text-muted underline decoration-line underline-offset-2 hover:text-text">
            {t('verdicts.ofAll')}
          </Link>
        )}
      </PageHead>
      <Answer of={answer}>
        {({ annotations: { edges, pageInfo } }) =>
          edges.length === 0 ? (
            <Empty title={t('verdicts.empty')}>{t('verdicts.emptyHelp')}</Empty>
          ) : (
            <div className="min-h-0 flex-1 overflow-y-auto p-4">
              <Gallery verdicts={edges.map(({ node }) => node)} />
              {pageInfo.hasNextPage && first < MOST && (
                <p className="mt-4 text-center">
                  <Button onClick={() => setFirst(first + A_PAGE)}>{t('verdicts.more')}</Button>
                </p>
              )}
            </div>
          )
        }
      </Answer>
    </div>
  )
}

function Gallery({ verdicts }: { readonly verdicts: readonly ListedVerdict[] }) {
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-4">
      {verdicts.map((verdict) => (
        <li key={verdict.id}>
          <Card verdict={verdict} />
        </li>
      ))}
    </ul>
  )
}

function Card({ verdict }: { readonly verdict: ListedVerdict }) {
  const { t, i18n } = useTranslation()
  const { id, camera, drawn, annotator, recordedAt, withdrawnAt } = verdict
  return (
    <Link
      to={`/verdicts/${encodeURIComponent(id)}`}
      className="block overflow-hidden rounded-lg border border-line bg-surface transition-colors hover:border-accent"
    >
      <FramePicture
        url={verdict.imageUrl}
        width={verdict.width}
        height={verdict.height}
        boxes={drawn}
        label={t('datasets.pictureOf', { camera: camera.name, count: drawn.length })}
      />
      <span className="flex items-center justify-between gap-3 px-3 pt-2">
        <span className="truncate font-medium">{annotator}</span>
        <Chip kind={withdrawnAt ? 'warn' : 'plain'}>
          {withdrawnAt ? t('verdicts.takenBack') : t(`verdicts.short.${verdict.verdict}`)}
        </Chip>
      </span>
      <span className="block truncate px-3 pb-2 text-muted text-xs tabular-nums">
        {camera.name} · {timeText(recordedAt, i18n.language, 'moment')}
      </span>
    </Link>
  )
}
