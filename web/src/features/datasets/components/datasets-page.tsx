import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { LineChart } from '../../../components/ui/line-chart.tsx'
import { ListLink } from '../../../components/ui/list-link.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { ShareBars } from '../../../components/ui/share-bars.tsx'
import { Split } from '../../../components/ui/split.tsx'
import { useKeys } from '../../../lib/keys.ts'
import { numberText } from '../../../lib/numbers.ts'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Dataset, DatasetsDocument } from '../api/datasets.ts'
import { AnnotatorTable } from './annotator-table.tsx'
import { DifferenceView } from './difference-view.tsx'

const REREAD_MS = 15_000

export function DatasetsPage() {
  const { t } = useTranslation()
  const answer = useFreshQuery(DatasetsDocument, { everyMs: REREAD_MS })
  const [search, setSearch] = useSearchParams()
  const versions = answer.data?.datasets.edges.map(({ node }) => node) ?? []
  const named = search.get('dataset')
  const at = Math.max(
    0,
    versions.findIndex(({ id }) => id === named),
  )
  const show = (version: Dataset | undefined): void => {
    if (version) setSearch({ dataset: version.id }, { replace: true })
  }
  useKeys(t('nav.datasets'), [
    { keys: 'j', label: t('datasets.older'), run: () => show(versions[at + 1]) },
    { keys: 'k', label: t('datasets.newer'), run: () => show(versions[at - 1]) },
  ])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('nav.datasets')} />
      {named && versions[at] && versions[at].id !== named && <Gone what="dataset" id={named} />}
      <Answer of={answer}>
        {() =>
          versions[at] ? (
            <Split label={t('datasets.versions')} list={<VersionList versions={versions} chosen={versions[at]} />}>
              <div className="mx-auto flex max-w-6xl flex-col gap-4 p-4 min-[2200px]:max-w-[100rem]">
                <Version version={versions[at]} />
                {versions[at + 1] && <DifferenceView from={versions[at + 1]!.id} to={versions[at].id} />}
                <div className="grid gap-4 xl:grid-cols-2">
                  {versions.length > 1 && <Growth versions={versions} />}
                  <AnnotatorTable />
                </div>
              </div>
            </Split>
          ) : (
            <Empty title={t('datasets.none')}>{t('datasets.noneHelp')}</Empty>
          )
        }
      </Answer>
    </div>
  )
}

function VersionList({ versions, chosen }: { readonly versions: readonly Dataset[]; readonly chosen: Dataset }) {
  const { t, i18n } = useTranslation()
  return (
    <ul>
      {versions.map(({ id, createdAt, train, val, boxes }) => (
        <ListLink
          key={id}
          to={`?dataset=${id}`}
          isChosen={id === chosen.id}
          title={timeText(createdAt, i18n.language, 'moment')}
          aside={<Digest of={id} />}
        >
          {t('datasets.holds', { pictures: train + val, boxes })}
        </ListLink>
      ))}
    </ul>
  )
}

function Version({ version }: { readonly version: Dataset }) {
  const { t, i18n } = useTranslation()
  const { id, createdAt, train, val, base, boxes } = version
  const figures = { train, val, base, boxes }
  const light = (name: string): string => t([`datasets.light.${name}`, name])
  return (
    <>
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-lg tracking-tight">
          {t('datasets.of', { time: timeText(createdAt, i18n.language, 'dayAndClock') })}
        </h2>
        <Digest of={id} />
      </header>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {Object.entries(figures).map(([name, value]) => (
          <div key={name} className="rounded-lg border border-line bg-surface px-4 py-3">
            <dt className="text-muted text-xs">{t(`datasets.figure.${name}`)}</dt>
            <dd className="font-semibold text-xl tabular-nums tracking-tight">{numberText(value)}</dd>
          </div>
        ))}
      </dl>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Balance title={t('datasets.byClass')} shares={version.byClass} />
        <Balance title={t('datasets.byCamera')} shares={version.byCamera} />
        <Balance title={t('datasets.byLight')} shares={version.byLight} nameOf={light} />
      </div>
    </>
  )
}

function Balance({ title, ...bars }: { readonly title: string } & Parameters<typeof ShareBars>[0]) {
  const { t } = useTranslation()
  return (
    <Panel title={title}>
      {bars.shares.length > 0 ? <ShareBars {...bars} /> : <p className="text-muted">{t('datasets.empty')}</p>}
    </Panel>
  )
}

function Growth({ versions }: { readonly versions: readonly Dataset[] }) {
  const { t } = useTranslation()
  const inOrder = versions.toReversed()
  const line = (measure: (version: Dataset) => number) =>
    inOrder.map((version, i) => [i + 1, measure(version)] as const)
  return (
    <Panel title={t('datasets.growth')}>
      <LineChart
        label={t('datasets.growth')}
        across={t('datasets.versions')}
        lines={[
          { name: t('datasets.pictures'), colour: 'var(--accent)', points: line(({ train, val }) => train + val) },
          { name: t('datasets.figure.boxes'), colour: 'var(--warn)', points: line(({ boxes }) => boxes) },
        ]}
      />
    </Panel>
  )
}
