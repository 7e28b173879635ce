import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useQuery } from 'urql'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Answer } from '../../../components/ui/answer.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { type Difference, DifferenceDocument, type Picture } from '../api/datasets.ts'

const KINDS = ['added', 'removed', 'changed'] as const
const SIGNS = { added: '+', removed: '−', changed: '~' } as const

/** What came, went and changed since the version before, with the pictures themselves. */
export function DifferenceView({ from, to }: { readonly from: string; readonly to: string }) {
  const { t } = useTranslation()
  const [{ data, error, fetching }, ask] = useQuery({ query: DifferenceDocument, variables: { from, to } })
  const answer = { data, error, isLoading: fetching, refresh: () => ask({ requestPolicy: 'network-only' }) }
  return (
    <Panel title={t('datasets.difference')}>
      <Answer of={answer}>{({ datasetDifference }) => <Pictures difference={datasetDifference} />}</Answer>
    </Panel>
  )
}

function Pictures({ difference }: { readonly difference: Difference }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col gap-5">
      {KINDS.map((kind) => {
        const count = difference[`${kind}Count`]
        return (
          <section key={kind} aria-label={t(`datasets.${kind}`, { count })}>
            <h4 className="mb-2 text-muted text-xs">
              <span aria-hidden="true" className="mr-1.5 font-semibold text-text">
                {SIGNS[kind]}
              </span>
              {t(`datasets.${kind}`, { count })}
            </h4>
            {count > 0 && <Gallery pictures={difference[kind]} />}
          </section>
        )
      })}
    </div>
  )
}

function Gallery({ pictures }: { readonly pictures: readonly Picture[] }) {
  const { t } = useTranslation()
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-3">
      {pictures.map(({ id, imageUrl, width, height, boxes, camera, verdictId }) => (
        <li key={id} className="overflow-hidden rounded-md border border-line">
          <FramePicture
            url={imageUrl}
            width={width}
            height={height}
            boxes={boxes}
            label={t('datasets.pictureOf', { camera, count: boxes.length })}
          />
          <p className="flex justify-between gap-2 px-2 py-1 text-muted text-xs">
            <span className="truncate">{camera}</span>
            {verdictId && (
              <Link
                to={`/verdicts/${encodeURIComponent(verdictId)}`}
                className="shrink-0 underline decoration-line underline-offset-2 hover:text-text"
              >
                {t('datasets.verdict')}
              </Link>
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}
