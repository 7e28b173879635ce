import { useTranslation } from 'react-i18next'
import { Empty } from '../components/ui/empty.tsx'

/** Takes the place of every page until the visitor comes with the token. */
export function SignedOut() {
  const { t } = useTranslation()
  return (
    <Empty title={t('signedOut.title')}>
      <p>{t('signedOut.help')}</p>
      <code className="mt-3 inline-block rounded-md border border-line bg-surface px-2.5 py-1.5 text-text">
        {`${location.origin}/?token=…`}
      </code>
    </Empty>
  )
}
