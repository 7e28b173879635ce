import type { ReactNode } from 'react'

const COLOURS = {
  plain: 'bg-accent-soft text-text',
  good: 'bg-accent-soft text-good',
  bad: 'bg-bad-soft text-bad',
} as const

interface NoticeProps {
  readonly kind?: keyof typeof COLOURS
  readonly children: ReactNode
}

export function Notice({ kind = 'plain', children }: NoticeProps) {
  return (
    <div
      role={kind === 'bad' ? 'alert' : 'status'}
      className={`wrap-anywhere shrink-0 border-line border-b px-4 py-2 ${COLOURS[kind]}`}
    >
      {children}
    </div>
  )
}
