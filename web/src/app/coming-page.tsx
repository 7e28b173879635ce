import { useTranslation } from 'react-i18next'
import { Empty } from '../components/ui/empty.tsx'
import { PageHead } from '../components/ui/page-head.tsx'

/** A place that is named before it is built: what will be here, and how to do it until then. */
export function ComingPage({ name }: { readonly name: 'training' | 'models' }) {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={t(`nav.${name}`)} />
      <Empty title={t('coming.title')}>
        <p>{t(`coming.${name}.what`)}</p>
        <p className="mt-4">{t('coming.untilThen')}</p>
        <code className="mt-2 inline-block max-w-full overflow-x-auto rounded-md border border-line bg-surface px-2.5 py-1.5 text-left text-text">
          {t(`coming.${name}.command`)}
        </code>
      </Empty>
    </>
  )
}
