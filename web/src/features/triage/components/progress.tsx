import { useTranslation } from 'react-i18next'
import { numberText } from '../../../lib/numbers.ts'
import type { DeskView } from '../desk/triage-desk.ts'

const DOTS = { saved: 'bg-good', saving: 'bg-muted', retrying: 'bg-bad' } as const

/** How much is done, how much is left, how fast it goes, and whether it is saved. */
export function Progress({ view: { judged, open, pace, saving } }: { readonly view: DeskView }) {
  const { t } = useTranslation()
  const share = judged + open > 0 ? judged / (judged + open) : 0
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted text-xs tabular-nums">
      <span className="flex items-center gap-2" data-saving={saving}>
        <span aria-hidden="true" className={`size-2 rounded-full ${DOTS[saving]}`} />
        <span role={saving === 'retrying' ? 'alert' : undefined}>{t(`triage.${saving}`)}</span>
      </span>
      {pace !== undefined && <span>{t('triage.pace', { pace: numberText(pace) })}</span>}
      <span>
        <strong className="font-semibold text-text">{judged}</strong> {t('triage.judged')}
      </span>
      <span>
        <strong className="font-semibold text-text">{open}</strong> {t('triage.open')}
      </span>
      <progress
        aria-label={t('triage.progress')}
        value={share}
        className="h-1.5 w-24 overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
    </div>
  )
}
