import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { SeenByDocument } from '../api/seen-by.ts'

/** A model that takes the place of another one is told this soon. */
const REREAD_MS = 10_000

/** Whose boxes are drawn on a camera's pictures, which leads to what that model learnt from. */
export function SeenBy({ camera }: { readonly camera: string }) {
  const { t } = useTranslation()
  const { data } = useFreshQuery(SeenByDocument, { variables: { id: camera }, everyMs: REREAD_MS })
  const model = data?.camera?.lastDetection?.model
  if (!model) return null
  return (
    <Link
      to={`/models?model=${model.id}`}
      title={t('live.seenBy', { model: model.name })}
      className="max-w-48 truncate text-muted text-xs underline decoration-line underline-offset-2 hover:text-text"
    >
      {model.name}
    </Link>
  )
}
