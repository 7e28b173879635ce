import { useTranslation } from 'react-i18next'
import { Notice } from '../components/ui/notice.tsx'
import { useConnection } from '../lib/connection.ts'

/** Says that the connection is lost, since when what is shown is old, and that it is back. */
export function ConnectionBar() {
  const { t, i18n } = useTranslation()
  const { state, heardAt } = useConnection()
  if (state === 'online') return undefined
  const time = new Date(heardAt).toLocaleTimeString(i18n.language)
  return <Notice kind={state === 'recovered' ? 'good' : 'bad'}>{t(`connection.${state}.long`, { time })}</Notice>
}
