import type { ReactNode } from 'react'

interface SplitProps {
  readonly label: string
  readonly list: ReactNode
  readonly children: ReactNode
}

/** A list and what is chosen of it, side by side where there is room. */
export function Split({ label, list, children }: SplitProps) {
  return (
    <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
      <nav
        aria-label={label}
        className="shrink-0 overflow-y-auto border-line max-lg:max-h-[34dvh] max-lg:border-b lg:w-80 lg:border-r 2xl:w-96"
      >
        {list}
      </nav>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        aria-label={label}
        className="min-h-0 min-w-0 flex-1 overflow-y-auto outline-offset-[-2px]"
      >
        {children}
      </section>
    </div>
  )
}
