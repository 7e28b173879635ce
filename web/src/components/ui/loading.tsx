import { useTranslation } from 'react-i18next'

/** Grey lines in the place of what comes. */
export function Loading({ rows = 6 }: { readonly rows?: number }) {
  const { t } = useTranslation()
  return (
    <div role="status" data-loading="" className="flex flex-col gap-3 p-4">
      <span className="sr-only">{t('loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike
        <div key={row} className="h-9 animate-pulse rounded-md bg-line/50" style={{ width: `${96 - row * 7}%` }} />
      ))}
    </div>
  )
}
