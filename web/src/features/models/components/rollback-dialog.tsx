import { useTranslation } from 'react-i18next'
import { useWish } from '../../../lib/use-wish.ts'
import { RollbackDocument, type Rollout } from '../api/rollouts.ts'
import { ReasonForm } from './reason-form.tsx'

interface RollbackDialogProps {
  readonly newest: Rollout
  readonly onDone: () => void
  readonly onClose: () => void
}

/** What stops to look at cameras, and why. */
export function RollbackDialog({ newest: { canary, model }, onDone, onClose }: RollbackDialogProps) {
  const { t } = useTranslation()
  const wish = useWish(RollbackDocument, onDone)
  return (
    <ReasonForm
      title={t('models.rollbackTitle', { name: (canary ?? model).name })}
      action={t('models.rollback')}
      kind="danger"
      {...wish}
      onSubmit={(reason) => void wish.send({ input: { reason } })}
      onClose={onClose}
    >
      <p>
        {canary
          ? t('models.rollbackCanary', { canary: canary.name, model: model.name })
          : t('models.rollbackAll', { model: model.name })}
      </p>
    </ReasonForm>
  )
}
