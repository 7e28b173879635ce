import { useTranslation } from 'react-i18next'
import { Digest } from '../../../components/ui/digest.tsx'
import { DigestLink } from '../../../components/ui/digest-link.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { timeText } from '../../../lib/times.ts'
import type { Lineage, Model } from '../api/models.ts'

/** More names do not fit on a line. */
const NAMED_CLASSES = 8

/** What a model was made of. */
export function About({ model: { id, family, classes, registeredAt, lineage } }: { readonly model: Model }) {
  const { t, i18n } = useTranslation()
  const made = useMaking(lineage)
  return (
    <Facts
      facts={[
        [t('models.digest'), <Digest key="digest" of={id} />],
        [t('models.family'), family ?? '–'],
        [
          t('models.classes'),
          classes.length > NAMED_CLASSES ? t('models.classCount', { count: classes.length }) : classes.join(', '),
        ],
        [t('models.registered'), registeredAt ? timeText(registeredAt, i18n.language, 'dayAndClock') : '–'],
        ...made,
      ]}
    />
  )
}

function useMaking(lineage: Lineage | null): Parameters<typeof Facts>[0]['facts'] {
  const { t } = useTranslation()
  if (!lineage) return [[t('models.origin'), t('models.brought')]]
  const { parent, dataset, trainingRunId, seconds, machine } = lineage
  return [
    [t('models.parent'), <DigestLink key="parent" to={`/models?model=${parent.id}`} of={parent.id} />],
    [t('models.dataset'), <DigestLink key="dataset" to={`/datasets?dataset=${dataset}`} of={dataset} />],
    [t('models.run'), <DigestLink key="run" to={`/training?run=${trainingRunId}`} of={trainingRunId} />],
    [t('models.trainedIn'), t('models.seconds', { count: Math.round(seconds) })],
    [t('models.machine'), machine],
  ]
}
