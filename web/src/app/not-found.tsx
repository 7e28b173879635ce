import { useTranslation } from 'react-i18next'
import { Link, Navigate, useLocation, useParams } from 'react-router'
import { Empty } from '../components/ui/empty.tsx'
import { PageHead } from '../components/ui/page-head.tsx'

/** An address that no page has. */
export function NotFound() {
  const { t } = useTranslation()
  const { pathname } = useLocation()
  return (
    <>
      <PageHead title={t('notFound.title')} />
      <Empty title={t('notFound.none', { path: pathname })}>
        <p className="mb-3">{t('notFound.help')}</p>
        <Link to="/live" className="font-medium text-accent underline underline-offset-4">
          {t('notFound.live')}
        </Link>
      </Empty>
    </>
  )
}

/** Leads from an address that names one thing by its path to the page that shows it. @param to up to where its id goes. */
export function Named({ to }: { readonly to: string }) {
  const { id = '' } = useParams()
  return <Navigate to={`${to}${encodeURIComponent(id)}`} replace />
}
