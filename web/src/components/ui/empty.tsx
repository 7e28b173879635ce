import type { ReactNode } from 'react'

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="m-auto flex max-w-md flex-col items-center gap-3 p-10 text-center">
      <p className="font-semibold text-base">{title}</p>
      <div className="text-muted">{children}</div>
    </div>
  )
}
