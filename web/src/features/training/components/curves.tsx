import { useTranslation } from 'react-i18next'
import { LineChart } from '../../../components/ui/line-chart.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import type { Progress } from '../api/training.ts'
import { fitLines } from '../run-words.ts'

/** How a fit goes: the loss going down, and beside it what that is for, the precision going up. */
export function Curves({ curve }: { readonly curve: readonly Progress[] }) {
  const { t } = useTranslation()
  const { loss, valLoss, precision } = fitLines(curve)
  const lines = [
    { name: t('training.loss'), colour: 'var(--accent)', points: loss },
    { name: t('training.valLoss'), colour: 'var(--warn)', points: valLoss },
  ]
  return (
    <div className={`grid gap-4 ${precision.length > 0 ? 'min-[2200px]:grid-cols-2' : ''}`}>
      <Panel title={t('training.curve')}>
        {loss.length + valLoss.length > 0 ? (
          <LineChart
            label={t('training.curveOf', { count: loss.length })}
            across={t('training.steps')}
            lines={lines.filter(({ points }) => points.length > 0)}
          />
        ) : (
          <p className="py-8 text-center text-muted">{t('training.noCurve')}</p>
        )}
      </Panel>
      {precision.length > 0 && (
        <Panel title={t('training.precision')}>
          <LineChart
            label={t('training.precisionOf', { count: precision.length })}
            across={t('training.steps')}
            lines={[{ name: t('training.valLoss'), colour: 'var(--good)', points: precision }]}
          />
        </Panel>
      )}
    </div>
  )
}
