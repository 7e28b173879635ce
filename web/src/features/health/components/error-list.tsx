import { useTranslation } from 'react-i18next'
import { wordsOf } from '../../../lib/said.ts'
import { recentText } from '../../../lib/times.ts'
import type { RecentError } from '../api/state.ts'

/** What no function could handle of late, and how it is handled after all. */
export function ErrorList({ errors }: { readonly errors: readonly RecentError[] }) {
  const { t, i18n } = useTranslation()
  if (errors.length === 0) return <p className="text-muted">{t('health.noErrors')}</p>
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-1">
      <ul className="divide-y divide-line">
        {errors.map(({ id, at, function: name, reason, said }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-2">
            <time dateTime={at} className="text-muted tabular-nums">
              {recentText(at, i18n.language)}
            </time>
            <span className="min-w-32 font-medium">{name}</span>
            <span className="wrap-anywhere min-w-0 flex-[4] basis-64">{wordsOf(reason, said)}</span>
            <code className="text-muted text-xs">{id}</code>
          </li>
        ))}
      </ul>
      <p className="border-line border-t py-2 text-muted">
        {t('health.deadLettersHelp')} <code className="text-text">npx sentinel dlq list</code>
      </p>
    </div>
  )
}
