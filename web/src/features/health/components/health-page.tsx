import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Answer } from '../../../components/ui/answer.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { numberText } from '../../../lib/numbers.ts'
import { useFreshQuery } from '../../../lib/use-fresh-query.ts'
import { type State, StateDocument } from '../api/state.ts'
import { figureOf, functionRows, type Look } from '../functions.ts'
import { ErrorList } from './error-list.tsx'
import { FunctionTable } from './function-table.tsx'
import { PartList } from './part-list.tsx'

const OFTEN_MS = 2000

/** Every part with its state, every function with its work, and what to do. */
export function HealthPage() {
  const { t } = useTranslation()
  const answer = useFreshQuery(StateDocument, { everyMs: OFTEN_MS })
  const state = answer.data?.health
  return (
    <>
      <PageHead title={t('nav.health')}>
        {state && (
          <span className={`font-medium ${state.ready ? 'text-good' : 'text-bad'}`}>
            {t(state.ready ? 'health.ready' : 'health.notReady')}
          </span>
        )}
      </PageHead>
      <Answer of={answer}>{({ health }) => <Report state={health} />}</Answer>
    </>
  )
}

function Report({ state }: { readonly state: State }) {
  const { t } = useTranslation()
  const before = useLookBefore(state)
  const live = (name: string) => figureOf(state.figures, `sentinel_live_${name}`)
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-8 p-4 min-[2200px]:max-w-[100rem] sm:p-6">
      <section>
        <h2 className="mb-2 font-semibold">{t('health.parts')}</h2>
        <PartList parts={state.parts} />
      </section>
      <section>
        <h2 className="mb-2 font-semibold">{t('health.functions')}</h2>
        <FunctionTable rows={functionRows({ at: Date.now(), state }, before)} />
      </section>
      <section>
        <h2 className="mb-2 font-semibold">{t('health.errors')}</h2>
        <ErrorList errors={state.recentErrors} />
      </section>
      <section>
        <h2 className="mb-2 font-semibold">{t('health.live')}</h2>
        <dl className="grid grid-cols-3 gap-px overflow-hidden rounded-lg border border-line bg-line">
          {(['clients', 'sent', 'dropped'] as const).map((name) => (
            <div key={name} className="bg-surface px-4 py-3">
              <dt className="text-muted text-xs">{t(`health.${name}`)}</dt>
              <dd className="font-semibold text-lg tabular-nums">{numberText(live(name))}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  )
}

/** The look before this one. */
function useLookBefore(state: State): Look | undefined {
  const looks = useRef<{ readonly now: Look; readonly before: Look | undefined }>(undefined)
  useEffect(() => {
    if (looks.current?.now.state !== state)
      looks.current = { now: { at: Date.now(), state }, before: looks.current?.now }
  }, [state])
  const last = looks.current
  return last?.now.state === state ? last.before : last?.now
}
