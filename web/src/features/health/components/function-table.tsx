import { useTranslation } from 'react-i18next'
import type { FunctionRow } from '../functions.ts'

const NUMBER = 'px-4 py-2 text-right tabular-nums'

export function FunctionTable({ rows }: { readonly rows: readonly FunctionRow[] }) {
  const { t } = useTranslation()
  const heads = ['lag', 'rate', 'handled', 'retries', 'deadLetters'] as const
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label={t('health.functions')}
      className="overflow-x-auto rounded-lg border border-line bg-surface"
    >
      <table className="w-full text-left">
        <thead className="text-muted text-xs">
          <tr className="border-line border-b">
            <th className="px-4 py-2 font-medium">{t('health.function')}</th>
            {heads.map((head) => (
              <th key={head} className={`${NUMBER} font-medium`}>
                {t(`health.${head}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" className="px-4 py-2 font-medium">
                {row.name}
              </th>
              <td className={NUMBER}>{row.lag.toLocaleString()}</td>
              <td className={NUMBER}>{row.rate === undefined ? '–' : row.rate.toFixed(1)}</td>
              <td className={NUMBER}>{row.handled.toLocaleString()}</td>
              <td className={NUMBER}>{row.retries.toLocaleString()}</td>
              <td className={`${NUMBER} ${row.deadLetters > 0 ? 'font-semibold text-bad' : ''}`}>
                {row.deadLetters.toLocaleString()}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.some(({ deadLetters }) => deadLetters > 0) && (
        <p className="border-line border-t px-4 py-2 text-muted">
          {t('health.deadLettersHelp')} <code className="text-text">npx sentinel dlq list</code>
        </p>
      )}
    </section>
  )
}
