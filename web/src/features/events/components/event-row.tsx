import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { LoggedEvent } from '../api/events.ts'
import { typeKey } from '../type-key.ts'

/** Drawn again only when its event changes: a list has many. */
export const EventRow = memo(function EventRow({ event }: { readonly event: LoggedEvent }) {
  const { t, i18n } = useTranslation()
  const time = new Date(event.time)
  return (
    <tr className="border-line border-b align-baseline hover:bg-surface">
      <td className="whitespace-nowrap px-4 py-1.5 text-muted tabular-nums">
        <time dateTime={event.time} title={time.toLocaleString(i18n.language)}>
          {time.toLocaleTimeString(i18n.language)}
        </time>
      </td>
      <td className="whitespace-nowrap px-4 py-1.5 font-medium">{t([typeKey(event.type), event.type])}</td>
      <td className="px-4 py-1.5">{event.camera?.name ?? ''}</td>
      <td className="px-4 py-1.5 text-muted">{useDetail(event)}</td>
    </tr>
  )
})

function useDetail({ class: name, score, detail }: LoggedEvent): string {
  const { t } = useTranslation()
  if (name !== null) return score === null ? name : `${name}, ${Math.round(score * 100)} %`
  const data = JSON.parse(detail) as Record<string, unknown>
  if (typeof data.reason === 'string' && 'retryAt' in data) return t([`reason.${data.reason}`, 'state.OFFLINE'])
  if (typeof data.width === 'number' && 'codec' in data) return `${data.width} × ${data.height}, ${data.codec}`
  return typeof data.detail === 'string' ? data.detail : ''
}
