import { type ReactNode, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../components/ui/empty.tsx'
import { Failure } from '../../../components/ui/failure.tsx'
import { Loading } from '../../../components/ui/loading.tsx'
import { Notice } from '../../../components/ui/notice.tsx'
import { PageHead } from '../../../components/ui/page-head.tsx'
import { useDesk } from '../desk/open-desk.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'
import { useSecondOpinions } from '../preferences.ts'
import { useDeskKeys } from '../use-desk-keys.ts'
import { Progress } from './progress.tsx'
import { SecondOpinions } from './second-opinions.tsx'
import { SidePanel } from './side-panel.tsx'
import { Stage } from './stage.tsx'
import { VerdictBar } from './verdict-bar.tsx'

export function TriagePage() {
  const [isSecond, setIsSecond] = useSecondOpinions()
  const desk = useDesk(isSecond)
  return desk ? (
    <Desk desk={desk}>
      <SecondOpinions isOn={isSecond} onChange={setIsSecond} />
    </Desk>
  ) : (
    <Loading />
  )
}

function Desk({ desk, children }: { readonly desk: TriageDesk; readonly children: ReactNode }) {
  const { t } = useTranslation()
  const view = useSyncExternalStore(desk.subscribe, desk.view)
  useDeskKeys(desk)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('triage.title')}>
        {children}
        <Progress view={view} />
      </PageHead>
      {view.refusal && <Notice kind="bad">{view.refusal}</Notice>}
      <Content desk={desk} view={view} />
    </div>
  )
}

interface ContentProps {
  readonly desk: TriageDesk
  readonly view: ReturnType<TriageDesk['view']>
}

function Content({ desk, view: { item, draft, picture, failure, isLoading, canUndo } }: ContentProps) {
  const { t } = useTranslation()
  if (item && draft) {
    return (
      <div className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <div className="flex min-h-[45dvh] min-w-0 flex-1 flex-col">
          <Stage key={item.id} item={item} draft={draft} picture={picture} desk={desk} />
          <VerdictBar desk={desk} draft={draft} canUndo={canUndo} />
        </div>
        <SidePanel item={item} draft={draft} desk={desk} />
      </div>
    )
  }
  if (isLoading) return <Loading />
  if (failure) return <Failure message={failure.message} onRetry={() => void desk.refill()} />
  return <Empty title={t('triage.none')}>{t('triage.noneHelp')}</Empty>
}
