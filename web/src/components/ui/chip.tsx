import type { ReactNode } from 'react'

const COLOURS = {
  plain: 'bg-line/60 text-text',
  live: 'bg-accent-soft text-accent',
  good: 'bg-accent-soft text-good',
  warn: 'bg-warn/15 text-warn',
  bad: 'bg-bad-soft text-bad',
} as const

export type ChipKind = keyof typeof COLOURS

/** A state in one word. */
export function Chip({ kind = 'plain', children }: { readonly kind?: ChipKind; readonly children: ReactNode }) {
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1.5 rounded-full px-2 py-0.5 font-medium text-[0.6875rem] ring-1 ring-current/15 ring-inset ${COLOURS[kind]}`}
    >
      {kind === 'live' && (
        <span
          aria-hidden="true"
          className="size-1.5 animate-pulse rounded-full bg-current motion-reduce:animate-none"
        />
      )}
      {children}
    </span>
  )
}
