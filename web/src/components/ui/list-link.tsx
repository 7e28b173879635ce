import type { ReactNode } from 'react'
import { Link } from 'react-router'

interface ListLinkProps {
  readonly to: string
  readonly isChosen: boolean
  readonly title: ReactNode
  readonly aside: ReactNode
  readonly children: ReactNode
}

/** An entry of a list whose content is beside it. */
export function ListLink({ to, isChosen, title, aside, children }: ListLinkProps) {
  return (
    <li>
      <Link
        to={to}
        replace
        aria-current={isChosen}
        className={`flex flex-col gap-0.5 border-line border-b px-4 py-2.5 outline-offset-[-2px] ${isChosen ? 'bg-accent-soft' : 'hover:bg-surface'}`}
      >
        <span className="flex items-center justify-between gap-3">
          <span className="truncate font-medium">{title}</span>
          {aside}
        </span>
        <span className="truncate text-muted text-xs tabular-nums">{children}</span>
      </Link>
    </li>
  )
}
