import { useTranslation } from 'react-i18next'
import { Notice } from '../components/ui/notice.tsx'
import { wordsOf } from '../lib/said.ts'
import type { HealthPart } from './api/health.ts'

/** What is missing for the main job, where everybody sees it. */
export function SystemNotices({ troubled }: { readonly troubled: readonly HealthPart[] }) {
  useTranslation()
  return troubled.map(({ name, state, message, said }) => (
    <Notice key={name} kind={state === 'FAILING' ? 'bad' : 'plain'}>
      {wordsOf(message, said)}
    </Notice>
  ))
}
