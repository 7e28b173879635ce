import { useTranslation } from 'react-i18next'
import { FigureTable } from '../../../components/ui/figure-table.tsx'
import { numberText } from '../../../lib/numbers.ts'
import type { FunctionRow } from '../functions.ts'

export function FunctionTable({ rows }: { readonly rows: readonly FunctionRow[] }) {
  const { t } = useTranslation()
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-1">
      <FigureTable
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { name: t('health.function'), of: ({ name }) => name },
          { name: t('health.lag'), of: ({ lag }) => numberText(lag) },
          { name: t('health.rate'), of: ({ rate }) => (rate === undefined ? '–' : numberText(rate, 1)) },
          { name: t('health.handled'), of: ({ handled }) => numberText(handled) },
          { name: t('health.retries'), of: ({ retries }) => numberText(retries) },
          {
            name: t('health.deadLetters'),
            of: ({ deadLetters }) => numberText(deadLetters),
            look: ({ deadLetters }) => (deadLetters > 0 ? 'font-semibold text-bad' : ''),
          },
        ]}
      />
    </div>
  )
}
