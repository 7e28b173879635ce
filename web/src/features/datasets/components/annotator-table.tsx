import { useTranslation } from 'react-i18next'
import { Answer } from '../../../components/ui/answer.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Annotator, AnnotatorsDocument } from '../api/datasets.ts'

const NUMBER = 'py-1.5 pl-3 text-right tabular-nums'

/** Who has judged how much, how often others agreed, and how near each came to what is known. */
export function AnnotatorTable() {
  const { t } = useTranslation()
  const answer = useFreshQuery(AnnotatorsDocument)
  const heads = ['annotations', 'agreed', 'gold', 'precision', 'recall'] as const
  return (
    <Panel title={t('datasets.people')}>
      <Answer of={answer}>
        {({ annotators }) =>
          annotators.length === 0 ? (
            <p className="text-muted">{t('datasets.nobody')}</p>
          ) : (
            <div
              // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
              tabIndex={0}
              className="overflow-x-auto"
            >
              <table className="w-full text-left">
                <thead className="text-muted text-xs">
                  <tr className="border-line border-b">
                    <th className="py-1.5 font-medium">{t('datasets.person')}</th>
                    {heads.map((head) => (
                      <th key={head} className={`${NUMBER} font-medium`}>
                        {t(`datasets.score.${head}`)}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody className="divide-y divide-line">
                  {annotators.map((each) => (
                    <Row key={each.id} annotator={each} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Answer>
    </Panel>
  )
}

function Row({ annotator }: { readonly annotator: Annotator }) {
  const { id, annotations, shared, agreed, gold, precision, recall } = annotator
  return (
    <tr>
      <th scope="row" className="py-1.5 font-medium">
        {id}
      </th>
      <td className={NUMBER}>{annotations}</td>
      <td className={NUMBER}>{shared > 0 ? `${agreed} / ${shared}` : '–'}</td>
      <td className={NUMBER}>{gold}</td>
      <td className={NUMBER}>{percent(precision)}</td>
      <td className={NUMBER}>{percent(recall)}</td>
    </tr>
  )
}

function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`
}
