import { useTranslation } from 'react-i18next'
import type { PartState, State } from '../api/state.ts'

const DOTS: Readonly<Record<PartState, string>> = {
  READY: 'bg-good',
  STARTING: 'bg-warn',
  FAILING: 'bg-bad',
  MISSING: 'bg-muted',
}

/** Those that need somebody first. */
const URGENCY: readonly PartState[] = ['FAILING', 'STARTING', 'MISSING', 'READY']

export function PartList({ parts }: { readonly parts: State['parts'] }) {
  const { t } = useTranslation()
  const sorted = parts.toSorted((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state))
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
      {sorted.map(({ name, state, message }) => (
        <li key={name} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2.5">
          <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${DOTS[state]}`} />
          <span className="w-40 font-medium">{name}</span>
          <span className="w-24 text-muted text-xs">{t(`health.state.${state}`)}</span>
          {message && <span className="min-w-0 flex-1 basis-64 text-muted">{message}</span>}
        </li>
      ))}
    </ul>
  )
}
