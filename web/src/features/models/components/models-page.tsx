import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { Gone } from '../../../components/ui/gone.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Split } from '../../../components/ui/split.tsx'
import { useKeys } from '../../../lib/keys.ts'
import type { ListedModel, Model } from '../api/models.ts'
import { familyTree } from '../family-tree.ts'
import { canGoBack } from '../rollout-words.ts'
import { useModels } from '../use-models.ts'
import { DeploymentLink } from './deployment-link.tsx'
import { ModelTree } from './model-tree.tsx'
import { ModelView } from './model-view.tsx'
import { PromoteDialog } from './promote-dialog.tsx'
import { RollbackDialog } from './rollback-dialog.tsx'
import { RolloutView } from './rollout-view.tsx'

export function ModelsPage() {
  const { t } = useTranslation()
  const { answer, commits, refresh, models, rollouts } = useModels()
  const [search, setSearch] = useSearchParams()
  const [promoted, setPromoted] = useState<Model>()
  const [isGoingBack, setIsGoingBack] = useState(false)
  const tree = familyTree(models)
  const chosen = useChoice(tree.flatMap(({ model }) => model ?? []))
  const [newest] = rollouts
  const named = search.get('model')
  const isDeployment = search.get('show') === 'rollouts'
  const goBack = (): void => setIsGoingBack(canGoBack(rollouts))
  const done = (): void => {
    setPromoted(undefined)
    setIsGoingBack(false)
    refresh()
    setSearch({ show: 'rollouts' })
  }
  useKeys(t('nav.models'), [
    { keys: 'o', label: t('models.deployment'), run: () => setSearch({ show: 'rollouts' }) },
    { keys: 'b', label: t('models.rollback'), run: goBack },
  ])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('nav.models')} />
      {named && chosen && chosen.id !== named && <Gone what="model" id={named} />}
      <Answer of={answer}>
        {() =>
          chosen ? (
            <Split
              label={t('models.tree')}
              list={
                <>
                  <DeploymentLink newest={newest} isChosen={isDeployment} />
                  <ModelTree tree={tree} chosen={isDeployment ? undefined : chosen.id} share={newest?.share} />
                </>
              }
            >
              {isDeployment ? (
                <Answer of={commits}>{() => <RolloutView rollouts={rollouts} onRollBack={goBack} />}</Answer>
              ) : (
                <ModelView
                  key={chosen.id}
                  id={chosen.id}
                  rollouts={rollouts}
                  onPromote={setPromoted}
                  onRollBack={goBack}
                />
              )}
            </Split>
          ) : (
            <NoModel />
          )
        }
      </Answer>
      {promoted && <PromoteDialog model={promoted} onDone={done} onClose={() => setPromoted(undefined)} />}
      {isGoingBack && newest && <RollbackDialog newest={newest} onDone={done} onClose={() => setIsGoingBack(false)} />}
    </div>
  )
}

/** Which model the address names; the newest one without it. */
function useChoice(models: readonly ListedModel[]): ListedModel | undefined {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const chosen = models.find(({ id }) => id === search.get('model')) ?? newestOf(models)
  const go = (by: 1 | -1): void => {
    const next = chosen && models[models.indexOf(chosen) + by]
    if (next) setSearch({ model: next.id }, { replace: true })
  }
  useKeys(t('nav.models'), [
    { keys: 'j', label: t('models.next'), run: () => go(1) },
    { keys: 'k', label: t('models.previous'), run: () => go(-1) },
  ])
  return chosen
}

function newestOf(models: readonly ListedModel[]): ListedModel | undefined {
  return models.toSorted((a, b) => ((a.registeredAt ?? '') < (b.registeredAt ?? '') ? 1 : -1))[0]
}

function NoModel() {
  const { t } = useTranslation()
  return (
    <Empty title={t('models.none')}>
      <p>{t('models.noneHelp')}</p>
      <code className="mt-2 inline-block rounded-md border border-line bg-surface px-2.5 py-1.5 text-text">
        npm start -- --model FILE.onnx
      </code>
    </Empty>
  )
}
