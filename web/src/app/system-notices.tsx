import { useTranslation } from 'react-i18next'
import { Notice } from '../components/ui/notice.tsx'
import type { HealthPart } from './api/health.ts'

/** What is missing for the main job, where everybody sees it. */
export function SystemNotices({ troubled }: { readonly troubled: readonly HealthPart[] }) {
  const { t } = useTranslation()
  return troubled.map(({ name, state, message }) => (
    <Notice key={name} kind={state === 'FAILING' ? 'bad' : 'plain'}>
      {t([`missing.${name}`, 'missing.other'], { message })}
    </Notice>
  ))
}
