import { useTranslation } from 'react-i18next'
import { Notice } from '../../../components/ui/notice.tsx'
import type { useStream } from '../stream/use-stream.ts'

/** Why the pictures do not come from the media server, what is shown in their place, and what to do. */
export function StreamNotice({ trouble }: { readonly trouble: ReturnType<typeof useStream> }) {
  const { t } = useTranslation()
  return trouble && <Notice>{t(`live.stream.${trouble}`)}</Notice>
}
