import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'
import { Empty } from './empty.tsx'

/** A question that was not answered: what happened, and a way to ask again. */
export function Failure({ message, onRetry }: { readonly message: string; readonly onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <Empty title={t('failure.title')}>
      <p role="alert" className="mb-4 break-words">
        {message}
      </p>
      <Button onClick={onRetry}>{t('failure.retry')}</Button>
    </Empty>
  )
}
