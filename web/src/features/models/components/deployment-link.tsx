import { useTranslation } from 'react-i18next'
import { Chip } from '../../../components/ui/chip.tsx'
import { ListLink } from '../../../components/ui/list-link.tsx'
import type { Rollout } from '../api/rollouts.ts'
import { ROLLOUT_KINDS, shareText, stateOf } from '../rollout-words.ts'

interface DeploymentLinkProps {
  readonly newest: Rollout | undefined
  readonly isChosen: boolean
}

/** The way to what runs, and in one line what that is. */
export function DeploymentLink({ newest, isChosen }: DeploymentLinkProps) {
  const { t } = useTranslation()
  const state = newest && stateOf(newest, newest)
  const words = newest
    ? [newest.model.name, newest.canary && `${newest.canary.name} · ${shareText(newest.share)}`]
    : [t('models.nothingRuns')]
  return (
    <ul>
      <ListLink
        to="?show=rollouts"
        isChosen={isChosen}
        title={t('models.deployment')}
        aside={state && <Chip kind={ROLLOUT_KINDS[state]}>{t(`models.rollout.${state}`)}</Chip>}
      >
        {words.filter(Boolean).join(' + ')}
      </ListLink>
    </ul>
  )
}
