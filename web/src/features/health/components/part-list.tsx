import { useTranslation } from 'react-i18next'
import { wordsOf } from '../../../lib/said.ts'
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
    <ul className="grid overflow-hidden rounded-lg border border-line bg-surface sm:grid-cols-2 xl:grid-cols-3 min-[2200px]:grid-cols-4">
      {sorted.map(({ name, state, message, said }) => (
        <li
          key={name}
          className={`-mr-px -mb-px flex flex-wrap items-baseline gap-x-3 gap-y-0.5 border-line border-r border-b px-4 py-2.5 ${message ? 'col-span-full' : ''}`}
        >
          <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${DOTS[state]}`} />
          <span className="min-w-32 flex-1 truncate font-medium">{t([`health.part.${name}`, name])}</span>
          <span className="text-muted text-xs">{t(`health.state.${state}`)}</span>
          {message && (
            <span className="wrap-anywhere min-w-0 flex-[4] basis-64 text-muted">{wordsOf(message, said)}</span>
          )}
        </li>
      ))}
    </ul>
  )
}
