import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { DigestLink } from '../../../components/ui/digest-link.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { timeText } from '../../../lib/times.ts'
import type { Model } from '../api/models.ts'
import { ModelCard } from './model-card.tsx'

/** More names do not fit on a line. */
const NAMED_CLASSES = 8

/** What a model was made of. */
export function About({ model }: { readonly model: Model }) {
  const { t, i18n } = useTranslation()
  const [isCardOpen, setIsCardOpen] = useState(false)
  const { id, name, family, classes, registeredAt } = model
  const made = useMaking(model, () => setIsCardOpen(true))
  return (
    <>
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
      {isCardOpen && <ModelCard id={id} name={name} onClose={() => setIsCardOpen(false)} />}
    </>
  )
}

function useMaking({ origin, lineage }: Model, onCard: () => void): Parameters<typeof Facts>[0]['facts'] {
  const { t } = useTranslation()
  if (!lineage) return [[t('models.origin'), <Origin key="origin" of={origin} onCard={onCard} />]]
  const { parent, dataset, trainingRunId, seconds, machine } = lineage
  return [
    [t('models.parent'), <DigestLink key="parent" to={`/models?model=${parent.id}`} of={parent.id} />],
    [t('models.dataset'), <DigestLink key="dataset" to={`/datasets?dataset=${dataset}`} of={dataset} />],
    [t('models.run'), <DigestLink key="run" to={`/training?run=${trainingRunId}`} of={trainingRunId} />],
    [t('models.trainedIn'), t('models.seconds', { count: Math.round(seconds) })],
    [t('models.machine'), machine],
  ]
}

function Origin({ of: origin, onCard }: { readonly of: Model['origin']; readonly onCard: () => void }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center justify-end gap-2 whitespace-normal p-0.5">
      {t(`models.originOf.${origin}`)}
      {origin === 'SHIPPED' && <Button onClick={onCard}>{t('models.card')}</Button>}
    </span>
  )
}
