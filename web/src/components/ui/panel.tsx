import type { ReactNode } from 'react'

interface PanelProps {
  readonly title: string
  readonly children: ReactNode
  /** Beside the title. */
  readonly aside?: ReactNode
}

/** A part of a page with a name of its own. */
export function Panel({ title, aside, children }: PanelProps) {
  return (
    <section aria-label={title} className="flex min-w-0 flex-col rounded-lg border border-line bg-surface">
      <header className="flex min-h-10 items-center justify-between gap-3 border-line border-b px-4 py-1.5">
        <h3 className="font-medium text-[0.8125rem]">{title}</h3>
        {aside}
      </header>
      <div className="p-4">{children}</div>
    </section>
  )
}
