import { useTranslation } from 'react-i18next'
import { FigureTable } from '../../../components/ui/figure-table.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { numberText } from '../../../lib/numbers.ts'
import type { Comparison } from '../api/models.ts'

/** Smaller changes are shown as none, in percentage points. */
const SEEN_FROM = 0.05

/** Both models on the same certified boxes. */
export function ComparisonTable({ comparisons }: { readonly comparisons: readonly Comparison[] }) {
  const { t } = useTranslation()
  const nameOf = ({ kind, name }: Comparison): string =>
    kind === 'ALL' ? t('models.all') : kind === 'LIGHT' ? t([`datasets.light.${name}`, name]) : name
  return (
    <Panel title={t('models.comparison')}>
      <FigureTable
        rows={comparisons}
        keyOf={({ kind, name }) => `${kind} ${name}`}
        isStrong={({ kind }) => kind === 'ALL'}
        columns={[
          { name: t('models.on'), of: nameOf },
          { name: t('models.boxes'), of: ({ boxes }) => numberText(boxes), look: () => 'text-muted' },
          { name: t('models.running'), of: ({ running }) => percent(running) },
          { name: t('models.candidate'), of: ({ candidate }) => percent(candidate) },
          { name: t('models.change'), of: changeText, look: changeColour },
        ]}
      />
    </Panel>
  )
}

/** Percentage points; undefined where there was nothing to find. */
function changeOf({ running, candidate }: Comparison): number | undefined {
  return running === null || candidate === null ? undefined : (candidate - running) * 100
}

function changeText(comparison: Comparison): string {
  const change = changeOf(comparison)
  return change === undefined ? '–' : `${change > 0 ? '+' : ''}${numberText(change, 1)}`
}

function changeColour(comparison: Comparison): string {
  const change = changeOf(comparison) ?? 0
  if (Math.abs(change) < SEEN_FROM) return 'text-muted'
  return change > 0 ? 'text-good' : 'text-bad'
}

function percent(share: number | null): string {
  return share === null ? '–' : numberText(share * 100, 1)
}
