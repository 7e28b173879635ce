import { useTranslation } from 'react-i18next'
import { Panel } from '../../../components/ui/panel.tsx'
import type { Comparison } from '../api/models.ts'

const NUMBER = 'py-1.5 pl-3 text-right tabular-nums'

/** Both models on the same certified boxes. */
export function ComparisonTable({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const { t } = useTranslation()
  return (
    <Panel title={t('models.comparison')}>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        className="overflow-x-auto"
      >
        <table className="w-full text-left">
          <thead className="text-muted text-xs">
            <tr className="border-line border-b">
              <th className="py-1.5 font-medium">{t('models.on')}</th>
              <th className={`${NUMBER} font-medium`}>{t('models.boxes')}</th>
              <th className={`${NUMBER} font-medium`}>{t('models.running')}</th>
              <th className={`${NUMBER} font-medium`}>{t('models.candidate')}</th>
              <th className={`${NUMBER} font-medium`}>{t('models.change')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {comparisons.map((each) => (
              <Row key={`${each.kind} ${each.name}`} comparison={each} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function Row({ comparison: { kind, name, boxes, running, candidate } }: { readonly comparison: Comparison }) {
  const { t } = useTranslation()
  const change = running === null || candidate === null ? undefined : (candidate - running) * 100
  const colour = change === undefined || Math.abs(change) < 0.05 ? 'text-muted' : change > 0 ? 'text-good' : 'text-bad'
  return (
    <tr className={kind === 'ALL' ? 'font-medium' : ''}>
      <th scope="row" className="py-1.5 font-[inherit]">
        {kind === 'ALL' ? t('models.all') : kind === 'LIGHT' ? t([`datasets.light.${name}`, name]) : name}
      </th>
      <td className={`${NUMBER} text-muted`}>{boxes}</td>
      <td className={NUMBER}>{percent(running)}</td>
      <td className={NUMBER}>{percent(candidate)}</td>
      <td className={`${NUMBER} ${colour}`}>
        {change === undefined ? '–' : `${change > 0 ? '+' : ''}${change.toFixed(1)}`}
      </td>
    </tr>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : (share * 100).toFixed(1)
}
