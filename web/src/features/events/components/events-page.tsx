import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { Loading } from '../../../components/ui/loading.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useMedia } from '../../../lib/use-media.ts'
import { useVirtual } from '../../../lib/use-virtual.ts'
import { ChoicesDocument, type LoggedEvent } from '../api/events.ts'
import { exportUrl, filterOf, readFilter } from '../filter.ts'
import { useEventKeys } from '../use-event-keys.ts'
import { useEvents } from '../use-events.ts'
import { usePinned } from '../use-pinned.ts'
import { EventGrid } from './event-grid.tsx'
import { EventPanel } from './event-panel.tsx'
import { FilterBar } from './filter-bar.tsx'

export function EventsPage() {
  const { t } = useTranslation()
  const { filter, wanted, opened, lost, change } = useAddress()
  const { events, isLoaded, hasOlder, isFull, loadOlder } = useEvents(wanted)
  const scroller = useRef<HTMLElement>(null)
  const rowHeight = useMedia('(min-width: 768px)') ? 36 : 52
  const { start, end, isAtTop } = useVirtual(scroller, events.length, rowHeight)
  const { shown, fresh } = usePinned(events, isAtTop)
  const open = ({ id, time }: LoggedEvent): void => change({ open: id, at: time })
  const close = (): void => change({ open: '', at: '' })
  const toTop = (): void => scroller.current?.scrollTo({ top: 0 })
  useEventKeys({ events: shown, opened: opened?.id, scroller, rowHeight, open, close, toTop })
  const isEmpty = isLoaded && events.length === 0
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('events.title')}>
        <span className="text-muted text-xs tabular-nums" data-loaded={events.length}>
          {t('events.loaded', { count: events.length, more: hasOlder || isFull ? '+' : '' })}
        </span>
        <ExportLink format="csv" filter={wanted} />
        <ExportLink format="json" filter={wanted} />
      </PageHead>
      {lost && <Gone what="event" id={lost} />}
      <Filters filter={filter} onChange={change} />
      <div className="flex min-h-0 flex-1">
        <div className="relative flex min-h-0 min-w-0 flex-1 flex-col">
          {!isLoaded && <Loading />}
          {isEmpty && <NoEvents isFiltered={Object.values(filter).some(Boolean)} />}
          {fresh > 0 && <FreshButton count={fresh} onClick={toTop} />}
          <EventGrid
            scroller={scroller}
            events={shown}
            start={Math.min(start, shown.length)}
            end={Math.min(end, shown.length)}
            rowHeight={rowHeight}
            chosen={opened?.id}
            hasOlder={hasOlder}
            onChoose={open}
            onNearEnd={() => void loadOlder()}
          />
          {isFull && <p className="border-line border-t p-2 text-center text-muted text-xs">{t('events.full')}</p>}
        </div>
        {opened && <EventPanel id={opened.id} time={opened.time} onClose={close} />}
      </div>
    </div>
  )
}

/** What is shown and what is open, both in the address: it can be sent to a colleague. */
function useAddress() {
  const [search, setSearch] = useSearchParams()
  const filter = readFilter(search)
  const key = JSON.stringify(filter)
  // “The last hour” counts from when it was chosen.
  const wanted = useMemo(() => filterOf(JSON.parse(key), Date.now()), [key])
  const [id, time] = [search.get('open'), search.get('at')]
  const change = (changes: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        for (const [name, value] of Object.entries(changes)) value ? next.set(name, value) : next.delete(name)
        return next
      },
      { replace: true },
    )
  const isTold = time !== null && !Number.isNaN(Date.parse(time))
  const opened = id && isTold ? { id, time } : undefined
  return { filter, wanted, opened, lost: id && !opened ? id : undefined, change }
}

type FiltersProps = Pick<Parameters<typeof FilterBar>[0], 'filter' | 'onChange'>

function Filters(props: FiltersProps) {
  const [{ data }] = useQuery({ query: ChoicesDocument })
  const cameras = data?.cameras.edges.map(({ node }) => node) ?? []
  const classes = [...new Set(data?.models.edges.flatMap(({ node }) => node.classes))].sort()
  return <FilterBar {...props} cameras={cameras} classes={classes} />
}

function NoEvents({ isFiltered }: { readonly isFiltered: boolean }) {
  const { t } = useTranslation()
  const key = isFiltered ? 'events.noMatch' : 'events.none'
  return <Empty title={t(key)}>{t(`${key}Help`)}</Empty>
}

function FreshButton({ count, onClick }: { readonly count: number; readonly onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <button
      type="button"
      onClick={onClick}
      className="absolute top-2 left-1/2 z-10 -translate-x-1/2 rounded-full bg-accent px-3.5 py-1 font-medium text-accent-text text-xs shadow-lg"
    >
      {t('events.fresh', { count })}
    </button>
  )
}

function ExportLink({
  format,
  filter,
}: {
  readonly format: 'csv' | 'json'
  readonly filter: Parameters<typeof exportUrl>[1]
}) {
  const { t } = useTranslation()
  return (
    <a
      href={exportUrl(format, filter)}
      download
      title={t('events.export', { format: format.toUpperCase() })}
      className="inline-flex min-h-8 items-center gap-1.5 rounded-md border border-line bg-surface px-2.5 py-1 font-medium hover:bg-canvas"
    >
      <Icon name="download" />
      {format.toUpperCase()}
    </a>
  )
}
