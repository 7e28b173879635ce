import { useTranslation } from 'react-i18next'
import { Chip } from '../../../components/ui/chip.tsx'
import type { ListedModel } from '../api/models.ts'

const KINDS = { COMPARING: 'live', SHADOWING: 'live', PASSED: 'good', FAILED: 'bad', CANCELLED: 'warn' } as const

/** What is known of a model in one word. */
export function ModelChip({ model: { evaluation } }: { readonly model: ListedModel }) {
  const { t } = useTranslation()
  if (!evaluation) return null
  return <Chip kind={KINDS[evaluation.state]}>{t(`models.evaluation.${evaluation.state}`)}</Chip>
}
