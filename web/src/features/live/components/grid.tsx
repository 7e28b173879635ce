import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import type { WatchedCamera } from '../api/watched-cameras.ts'
import type { LiveConnection } from '../live-connection.ts'
import { moved, movedBy } from '../order.ts'
import type { Arrangement } from '../preferences.ts'
import { Tile } from './tile.tsx'

interface GridProps {
  readonly cameras: readonly WatchedCamera[]
  readonly connection: LiveConnection
  readonly arrangement: Arrangement
  readonly arrange: (change: Partial<Arrangement>) => void
  readonly isWall: boolean
}

/** As many as fit side by side, or a fixed number that fills the window, page by page. */
export function Grid({ cameras, connection, arrangement: { layout, isMeasured }, arrange, isWall }: GridProps) {
  const [page, setPage] = useState(0)
  const size = sizeOf(layout, isWall, cameras.length)
  const pages = size ? Math.ceil(cameras.length / size) : 1
  const at = Math.min(page, Math.max(0, pages - 1))
  const shown = size ? cameras.slice(at * size, (at + 1) * size) : cameras
  const ids = cameras.map(({ id }) => id)
  const tiles = shown.map((camera) => (
    <Tile
      key={camera.id}
      camera={camera}
      connection={connection}
      isTight={size !== undefined}
      isMeasured={isMeasured}
      onDropped={(dragged) => arrange({ order: moved(ids, dragged, camera.id) })}
      onMove={(by) => arrange({ order: movedBy(ids, camera.id, by) })}
    />
  ))
  if (!size)
    return (
      <ul className="grid gap-3 p-3" style={{ gridTemplateColumns: manyOf(cameras.length) }}>
        {tiles}
      </ul>
    )
  const columns = Math.ceil(Math.sqrt(size))
  const rows = Math.ceil(size / columns)
  const width = `min(100%, calc(100cqh / ${rows} * ${columns} * 16 / 9))`
  return (
    <div className="@container-size flex min-h-[50dvh] flex-1 flex-col items-center justify-center bg-video">
      <ul className="grid gap-px" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, width }}>
        {tiles}
      </ul>
      {pages > 1 && <Pages at={at} pages={pages} onPage={setPage} />}
    </div>
  )
}

/** As many columns as leave each tile room; few cameras on a wide screen share all of it. */
function manyOf(count: number): string {
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)))
  // A pixel less: what is rounded up would not fit.
  const share = `(100% - ${columns - 1} * 0.75rem - 1px) / ${columns}`
  return `repeat(auto-fill, minmax(min(100%, max(22rem, ${share})), 1fr))`
}

/** Tiles on a page; undefined where the page scrolls. */
function sizeOf(layout: Arrangement['layout'], isWall: boolean, count: number): number | undefined {
  if (layout !== 'auto') return Number(layout)
  return isWall ? Math.max(1, Math.ceil(Math.sqrt(count)) ** 2) : undefined
}

interface PagesProps {
  readonly at: number
  readonly pages: number
  readonly onPage: (page: number) => void
}

function Pages({ at, pages, onPage }: PagesProps) {
  const { t } = useTranslation()
  return (
    <nav
      aria-label={t('live.pages')}
      className="absolute bottom-3 flex items-center gap-2 rounded-lg bg-surface p-1 shadow-lg"
    >
      <Button kind="quiet" label={t('live.pageBefore')} disabled={at === 0} onClick={() => onPage(at - 1)}>
        ‹
      </Button>
      <span className="text-xs tabular-nums">{`${at + 1} / ${pages}`}</span>
      <Button kind="quiet" label={t('live.pageNext')} disabled={at === pages - 1} onClick={() => onPage(at + 1)}>
        ›
      </Button>
    </nav>
  )
}
