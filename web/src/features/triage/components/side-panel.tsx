import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Button } from '../../../components/ui/button.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { wordsOf } from '../../../lib/said.ts'
import type { Item } from '../api/triage.ts'
import type { Draft } from '../desk/draft.ts'
import { remove } from '../desk/draft.ts'
import type { TriageDesk } from '../desk/triage-desk.ts'
import { addInMiddle } from '../use-desk-keys.ts'
import { BoxList } from './box-list.tsx'
import { ClassPicker } from './class-picker.tsx'

interface SidePanelProps {
  readonly item: Item
  readonly draft: Draft
  readonly desk: TriageDesk
}

/** Why this frame is here, what is in it, and what a box can be. */
export function SidePanel({ item, draft, desk }: SidePanelProps) {
  const { t } = useTranslation()
  return (
    <aside
      aria-label={t('triage.about')}
      className="flex shrink-0 flex-col gap-5 overflow-y-auto border-line border-t bg-surface p-4 max-lg:max-h-[38dvh] lg:w-80 lg:border-t-0 lg:border-l"
    >
      <Why item={item} />
      <section className="max-lg:order-1">
        <div className="mb-2 flex items-center justify-between">
          <h2 className="font-medium text-muted text-xs">{t('triage.boxes', { count: draft.boxes.length })}</h2>
          <div className="flex">
            <Button kind="quiet" label={t('triage.add')} onClick={() => addInMiddle(desk)}>
              <Icon name="plus" />
            </Button>
            <Button kind="quiet" label={t('triage.remove')} onClick={() => desk.edit(remove)}>
              <Icon name="close" />
            </Button>
          </div>
        </div>
        <BoxList draft={draft} desk={desk} />
      </section>
      <ClassPicker item={item} draft={draft} desk={desk} />
    </aside>
  )
}

function Why({
  item: { reason, detail, detailSaid, uncertainty, camera, capturedAt, model },
}: {
  readonly item: Item
}) {
  const { t, i18n } = useTranslation()
  const time = new Date(capturedAt).toLocaleString(i18n.language, { dateStyle: 'medium', timeStyle: 'medium' })
  return (
    <section>
      <h2 className="mb-1 font-medium text-muted text-xs">{t('triage.why')}</h2>
      <p className="font-semibold text-base leading-snug">{t(`triage.reason.${reason}`)}</p>
      <p className="text-muted">{wordsOf(detail, detailSaid)}</p>
      <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-xs">
        <Fact name={t('triage.camera')} value={camera.name} />
        <Fact name={t('triage.time')} value={time} />
        <Fact name={t('triage.uncertainty')} value={`${Math.round(uncertainty * 100)} %`} />
        <Fact
          name={t('triage.model')}
          value={
            <Link to={`/models?model=${model.id}`} className="underline decoration-line underline-offset-2">
              {model.name}
            </Link>
          }
        />
      </dl>
    </section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="truncate text-right tabular-nums">{value}</dd>
    </>
  )
}
