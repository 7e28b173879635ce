import { useTranslation } from 'react-i18next'
import { useQuery } from 'urql'
import { Notice } from '../components/ui/notice.tsx'
import { useEvery } from '../lib/use-every.ts'
import { HealthDocument } from './api/health.ts'

/** What is missing for the main job, where everybody sees it. */
export function HealthNotice() {
  const { t } = useTranslation()
  const [{ data, error }, refresh] = useQuery({ query: HealthDocument })
  useEvery(10_000, () => refresh({ requestPolicy: 'network-only' }))
  if (error?.response?.status === 401) return <Notice kind="bad">{t('signedOut')}</Notice>
  if (error?.networkError) return <Notice kind="bad">{t('serverGone')}</Notice>
  const troubled = data?.health.parts.filter(({ state }) => state !== 'READY') ?? []
  return troubled.map(({ name, state, message }) => (
    <Notice key={name} kind={state === 'FAILING' ? 'bad' : 'plain'}>
      {t([`missing.${name}`, 'missing.other'], { message })}
    </Notice>
  ))
}
