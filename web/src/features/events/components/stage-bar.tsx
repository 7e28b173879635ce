import { useTranslation } from 'react-i18next'
import { numberText } from '../../../lib/numbers.ts'
import type { EventFrame } from '../api/events.ts'

const STAGES = [
  ['queueMs', 'bg-muted/50'],
  ['prepareMs', 'bg-warn'],
  ['inferMs', 'bg-accent'],
  ['decodeMs', 'bg-good'],
] as const

/** Where the time of a frame went. */
export function StageBar({ timings }: { readonly timings: EventFrame['timings'] }) {
  const { t } = useTranslation()
  const total = STAGES.reduce((sum, [stage]) => sum + timings[stage], 0)
  return (
    <section>
      <h3 className="mb-1.5 font-medium text-muted text-xs">{t('frame.stages', { ms: numberText(total, 1) })}</h3>
      <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full bg-line">
        {STAGES.map(([stage, colour]) => (
          <span key={stage} className={colour} style={{ width: `${(timings[stage] / (total || 1)) * 100}%` }} />
        ))}
      </div>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {STAGES.map(([stage, colour]) => (
          <li key={stage} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-full ${colour}`} />
            <span className="text-muted">{t(`frame.stage.${stage}`)}</span>
            <span className="tabular-nums">{numberText(timings[stage], 1)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
