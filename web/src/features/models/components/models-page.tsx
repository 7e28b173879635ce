import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Empty } from '../../../components/ui/empty.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { Split } from '../../../components/ui/split.tsx'
import { useKeys } from '../../../lib/keys.ts'
import type { ListedModel } from '../api/models.ts'
import { familyTree } from '../family-tree.ts'
import { useModels } from '../use-models.ts'
import { ModelTree } from './model-tree.tsx'
import { ModelView } from './model-view.tsx'

export function ModelsPage() {
  const { t } = useTranslation()
  const { answer, models } = useModels()
  const [search, setSearch] = useSearchParams()
  const tree = familyTree(models)
  const known = tree.flatMap(({ model }) => model ?? [])
  const chosen: ListedModel | undefined = known.find(({ id }) => id === search.get('model')) ?? newest(known)
  const go = (by: 1 | -1): void => {
    const next = chosen && known[known.indexOf(chosen) + by]
    if (next) setSearch({ model: next.id }, { replace: true })
  }
  useKeys(t('nav.models'), [
    { keys: 'j', label: t('models.next'), run: () => go(1) },
    { keys: 'k', label: t('models.previous'), run: () => go(-1) },
  ])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('nav.models')} />
      <Answer of={answer}>
        {() =>
          chosen ? (
            <Split label={t('models.tree')} list={<ModelTree tree={tree} chosen={chosen.id} />}>
              <ModelView key={chosen.id} id={chosen.id} />
            </Split>
          ) : (
            <Empty title={t('models.none')}>
              <p>{t('models.noneHelp')}</p>
              <code className="mt-2 inline-block rounded-md border border-line bg-surface px-2.5 py-1.5 text-text">
                npm start -- --model FILE.onnx
              </code>
            </Empty>
          )
        }
      </Answer>
    </div>
  )
}

function newest(models: readonly ListedModel[]): ListedModel | undefined {
  return models.toSorted((a, b) => ((a.registeredAt ?? '') < (b.registeredAt ?? '') ? 1 : -1))[0]
}
