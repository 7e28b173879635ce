import { useTranslation } from 'react-i18next'
import { Chip } from '../../../components/ui/chip.tsx'
import type { ListedModel } from '../api/models.ts'
import { shareText } from '../rollout-words.ts'

const KINDS = { COMPARING: 'live', SHADOWING: 'live', PASSED: 'good', FAILED: 'bad', CANCELLED: 'warn' } as const

interface ModelChipProps {
  readonly model: ListedModel
  /** Of the cameras, that a canary looks at. */
  readonly share?: number | undefined
}

/** Whether it looks at cameras, and else how its evaluation stands. */
export function ModelChip({ model: { role, evaluation }, share }: ModelChipProps) {
  const { t } = useTranslation()
  if (role === 'RUNNING') return <Chip kind="good">{t('models.role.RUNNING')}</Chip>
  if (role === 'CANARY')
    return (
      <Chip kind="live">
        {t('models.role.CANARY')}
        {share !== undefined && share < 1 && ` · ${shareText(share)}`}
      </Chip>
    )
  if (!evaluation) return null
  return <Chip kind={KINDS[evaluation.state]}>{t(`models.evaluation.${evaluation.state}`)}</Chip>
}
