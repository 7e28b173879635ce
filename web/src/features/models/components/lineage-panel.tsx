import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Answer } from '../../../components/ui/answer.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { DigestLink } from '../../../components/ui/digest-link.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { timeText } from '../../../lib/times.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type Generation, LineageDocument, type Teaching } from '../api/lineage.ts'
import { teachersIn } from '../teachers.ts'

const LINK = 'underline decoration-line underline-offset-2'
/** Verdicts of a generation that are listed; the counts are of all. */
const MOST = 100

/** What was taken back meanwhile is told this soon. */
const REREAD_MS = 15_000

/** From a model back to the people who taught it: what it learnt from, what its parent learnt from, and so on. */
export function LineagePanel({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const answer = useFreshQuery(LineageDocument, { variables: { id }, everyMs: REREAD_MS })
  return (
    <Panel title={t('models.lineage')}>
      <Answer of={answer}>
        {({ modelLineage }) => (
          <ol className="flex flex-col">
            {modelLineage.map((generation, i) => (
              <li key={generation.model.id} className="relative flex gap-3 pb-4 last:pb-0">
                {i < modelLineage.length - 1 && (
                  <span aria-hidden="true" className="absolute top-4 bottom-[-0.25rem] left-[5px] w-px bg-line" />
                )}
                <span
                  aria-hidden="true"
                  className={`mt-1.5 size-[11px] shrink-0 rounded-full ${i === 0 ? 'bg-accent' : 'bg-muted'}`}
                />
                <Step generation={generation} isFirst={i === 0} />
              </li>
            ))}
          </ol>
        )}
      </Answer>
    </Panel>
  )
}

function Step({ generation, isFirst }: { readonly generation: Generation; readonly isFirst: boolean }) {
  const { t } = useTranslation()
  const { model, dataset, trainingRunId, teachings } = generation
  return (
    <div className="flex min-w-0 flex-1 flex-col gap-1.5">
      {isFirst ? (
        <p className="font-semibold">{model.name}</p>
      ) : (
        <Link to={`?model=${model.id}`} className={`font-medium ${LINK}`}>
          {model.name}
        </Link>
      )}
      {dataset === null || trainingRunId === null ? (
        <p className="text-muted">{t(`models.originOf.${model.origin}`)}</p>
      ) : (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted text-xs">
          <span className="flex items-center gap-1.5">
            {t('models.dataset')} <DigestLink to={`/datasets?dataset=${dataset}`} of={dataset} />
          </span>
          <span className="flex items-center gap-1.5">
            {t('models.run')} <DigestLink to={`/training?run=${trainingRunId}`} of={trainingRunId} />
          </span>
        </p>
      )}
      {teachings.length > 0 && <Teachings teachings={teachings} />}
    </div>
  )
}

function Teachings({ teachings }: { readonly teachings: readonly Teaching[] }) {
  const { t } = useTranslation()
  return (
    <>
      <ul className="flex flex-wrap gap-1.5">
        {teachersIn(teachings).map(({ name, frames, withdrawn }) => (
          <li key={name}>
            <Link to={`/verdicts?by=${encodeURIComponent(name)}`}>
              <Chip kind={withdrawn > 0 ? 'warn' : 'plain'}>
                {name} · {t('training.annotations', { count: frames })}
                {withdrawn > 0 && ` · ${t('models.withdrawn', { count: withdrawn })}`}
              </Chip>
            </Link>
          </li>
        ))}
      </ul>
      <details>
        <summary className="cursor-pointer text-muted text-xs">
          {t('models.teachings', { count: teachings.length })}
        </summary>
        <ul className="mt-1.5 max-h-64 divide-y divide-line overflow-y-auto rounded-md border border-line">
          {teachings.slice(0, MOST).map((teaching) => (
            <Said key={teaching.verdictId} teaching={teaching} />
          ))}
        </ul>
        {teachings.length > MOST && <p className="mt-1 text-muted text-xs">{t('models.firstOnly', { count: MOST })}</p>}
      </details>
    </>
  )
}

function Said({ teaching }: { readonly teaching: Teaching }) {
  const { t, i18n } = useTranslation()
  const { verdictId, annotator, camera, boxes, recordedAt, withdrawnAt } = teaching
  return (
    <li>
      <Link
        to={`/verdicts/${encodeURIComponent(verdictId)}`}
        className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5 outline-offset-[-2px] hover:bg-canvas"
      >
        <span className="min-w-0 flex-1 truncate max-sm:basis-full">{camera.name}</span>
        {withdrawnAt && <Chip kind="warn">{t('verdicts.takenBack')}</Chip>}
        <span className="text-muted text-xs tabular-nums">
          {annotator} · {t('datasets.boxCount', { count: boxes })} · {timeText(recordedAt, i18n.language, 'moment')}
        </span>
      </Link>
    </li>
  )
}
