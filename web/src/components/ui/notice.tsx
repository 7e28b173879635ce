import type { ReactNode } from 'react'

export function Notice({
  kind = 'plain',
  children,
}: {
  readonly kind?: 'plain' | 'bad'
  readonly children: ReactNode
}) {
  const colours = kind === 'bad' ? 'bg-bad-soft text-bad' : 'bg-accent-soft text-text'
  return (
    <div role={kind === 'bad' ? 'alert' : 'status'} className={`border-line border-b px-4 py-2 ${colours}`}>
      {children}
    </div>
  )
}
