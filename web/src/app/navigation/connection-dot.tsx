import { useTranslation } from 'react-i18next'
import { useConnection } from '../../lib/connection.ts'

const COLOURS = { online: 'bg-good', recovered: 'bg-good', reconnecting: 'bg-warn', offline: 'bg-bad' } as const

export function ConnectionDot() {
  const { t } = useTranslation()
  const { state } = useConnection()
  const words = t(`connection.${state}.short`)
  return (
    <span className="flex flex-1 items-center gap-2 px-2 text-muted text-xs" title={words}>
      <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${COLOURS[state]}`} />
      <span className="sr-only lg:not-sr-only">{words}</span>
    </span>
  )
}
