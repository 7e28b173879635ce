import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { wordsOf } from '../../../lib/said.ts'
import type { Evaluation, Gate } from '../api/models.ts'

const SIGNS = { PASSED: '✓', FAILED: '✕', UNKNOWN: '?' } as const
const COLOURS = { PASSED: 'text-good', FAILED: 'text-bad', UNKNOWN: 'text-warn' } as const

/** What a candidate must not be worse in, each with its reason. */
export function GateList({ evaluation }: { readonly evaluation: Evaluation }) {
  const { t } = useTranslation()
  const { state, reason, reasonSaid, done, total, gates, heldOut, reference, live } = evaluation
  const isUnderWay = state === 'COMPARING' || state === 'SHADOWING'
  return (
    <div className="flex flex-col gap-3">
      {reason && <p className="font-medium">{wordsOf(reason, reasonSaid)}</p>}
      {isUnderWay && (
        <progress
          value={done}
          max={Math.max(1, total)}
          aria-label={t('models.evaluationProgress')}
          className="h-2 w-full accent-accent"
        />
      )}
      <ul className="flex flex-col gap-2">
        {gates.map((gate) => (
          <GateRow key={gate.name} gate={gate} />
        ))}
      </ul>
      <p className="text-muted text-xs tabular-nums">{t('models.material', { heldOut, reference, live })}</p>
    </div>
  )
}

/** Such as `accuracy`, or `class bus` and `light night`, of which there are many. */
function gateName(name: string, t: TFunction): string {
  const [, kind, of] = /^(class|light) (.+)$/.exec(name) ?? []
  if (kind === 'class') return t('models.gateOf.class', { name: of })
  if (kind === 'light') return t('models.gateOf.light', { name: t([`datasets.light.${of}`, of!]) })
  return t([`models.gateName.${name}`, name])
}

function GateRow({ gate: { name, state, reason, said } }: { readonly gate: Gate }) {
  const { t } = useTranslation()
  return (
    <li className="flex gap-3">
      <span className={`w-4 shrink-0 text-center font-bold ${COLOURS[state]}`}>
        <span aria-hidden="true">{SIGNS[state]}</span>
        <span className="sr-only">{t(`models.gate.${state}`)}</span>
      </span>
      <span className="min-w-0">
        <span className="font-medium">{gateName(name, t)}</span>
        <span className="block text-muted text-xs">{wordsOf(reason, said)}</span>
      </span>
    </li>
  )
}
