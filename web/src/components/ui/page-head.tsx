import { type ReactNode, useEffect } from 'react'

/** The name of a page, which the tab of the browser has too. */
export function PageHead({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Sentinel`
  }, [title])
  return (
    <div className="sticky top-0 z-10 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b bg-canvas/90 px-4 py-2.5 backdrop-blur">
      <h1 className="font-semibold text-base tracking-tight">{title}</h1>
      <div className="ml-auto flex flex-wrap items-center gap-2">{children}</div>
    </div>
  )
}
