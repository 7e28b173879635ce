import { useTranslation } from 'react-i18next'
import { Notice } from '../components/ui/notice.tsx'
import type { HealthPart } from './api/health.ts'

interface SystemNoticesProps {
  readonly isServerGone: boolean
  readonly troubled: readonly HealthPart[]
}

/** What is missing for the main job, where everybody sees it. */
export function SystemNotices({ isServerGone, troubled }: SystemNoticesProps) {
  const { t } = useTranslation()
  if (isServerGone) return <Notice kind="bad">{t('serverGone')}</Notice>
  return troubled.map(({ name, state, message }) => (
    <Notice key={name} kind={state === 'FAILING' ? 'bad' : 'plain'}>
      {t([`missing.${name}`, 'missing.other'], { message })}
    </Notice>
  ))
}
