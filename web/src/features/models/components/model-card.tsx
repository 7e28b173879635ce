import { useTranslation } from 'react-i18next'
import { Answer } from '../../../components/ui/answer.tsx'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { ModelCardDocument } from '../api/models.ts'

interface ModelCardProps {
  readonly id: string
  readonly name: string
  readonly onClose: () => void
}

/** What the makers of a model tell of it, as they wrote it. */
export function ModelCard({ id, name, onClose }: ModelCardProps) {
  const { t } = useTranslation()
  const answer = useFreshQuery(ModelCardDocument, { variables: { id } })
  return (
    <Dialog title={`${t('models.card')}: ${name}`} onClose={onClose} isWide>
      <Answer of={answer}>
        {({ model }) => (
          <pre className="whitespace-pre-wrap break-words font-mono text-xs">{model?.card ?? t('models.noCard')}</pre>
        )}
      </Answer>
    </Dialog>
  )
}
