import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { wordsOf } from '../../../lib/said.ts'
import { useWish } from '../../../lib/use-wish.ts'
import type { Model } from '../api/models.ts'
import { PromoteDocument } from '../api/rollouts.ts'
import { shareText } from '../rollout-words.ts'
import { ReasonForm } from './reason-form.tsx'

const SHARES = ['0.1', '0.25', '0.5', '1'] as const
type Share = (typeof SHARES)[number]

interface PromoteDialogProps {
  readonly model: Model
  readonly onDone: () => void
  readonly onClose: () => void
}

/** On how many cameras, and why; where the gates have not passed, only for those who insist. */
export function PromoteDialog({ model, onDone, onClose }: PromoteDialogProps) {
  const { t } = useTranslation()
  const [share, setShare] = useState<Share>(model.role === 'CANARY' ? '1' : '0.25')
  const [isForced, setIsForced] = useState(false)
  const wish = useWish(PromoteDocument, onDone)
  const hasPassed = model.evaluation?.state === 'PASSED'
  const promote = (reason: string): void =>
    void wish.send({ input: { digest: model.id, share: Number(share), reason, force: isForced } })
  return (
    <ReasonForm
      title={t('models.promoteTitle', { name: model.name })}
      action={t('models.promote')}
      kind="primary"
      {...wish}
      onSubmit={promote}
      onClose={onClose}
    >
      <div className="flex flex-col items-start gap-1.5">
        <span className="font-medium text-muted text-xs">{t('models.share')}</span>
        <Segmented
          label={t('models.share')}
          value={share}
          options={SHARES.map((value) => ({
            value,
            label: value === '1' ? t('models.allCameras') : shareText(Number(value)),
          }))}
          onChange={setShare}
        />
        <p className="text-muted text-xs">{t(share === '1' ? 'models.allHelp' : 'models.canaryHelp')}</p>
      </div>
      {!hasPassed && <Insist model={model} isForced={isForced} onChange={setIsForced} />}
    </ReasonForm>
  )
}

interface InsistProps {
  readonly model: Model
  readonly isForced: boolean
  readonly onChange: (isForced: boolean) => void
}

function Insist({ model: { evaluation }, isForced, onChange }: InsistProps) {
  const { t } = useTranslation()
  const why =
    evaluation?.state === 'FAILED' && evaluation.reason
      ? wordsOf(evaluation.reason, evaluation.reasonSaid)
      : t('models.notPassed')
  return (
    <div className="flex flex-col gap-2 rounded-md border border-warn/50 px-3 py-2.5">
      <p className="text-warn">{why}</p>
      <label className="flex min-h-6 cursor-pointer items-center gap-2">
        <input
          type="checkbox"
          checked={isForced}
          onChange={({ target }) => onChange(target.checked)}
          className="size-4 accent-accent"
        />
        {t('models.force')}
      </label>
    </div>
  )
}
